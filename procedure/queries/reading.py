"""The rows of one version made into its `Rules`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procedure.models import (
    Basis,
    Category,
    Clause,
    Definition,
    MatrixCell,
    OfficialText,
    Parameter,
    ProcedureVersion,
    Responsibility,
    Scale,
    State,
    Target,
)
from procedure.queries.document import official_texts
from procedure.queries.values import ClauseView, Duty, Grade, Header, Leaf, Level, Rules, Setting, Term, Words

Official = Mapping[tuple[str, str], str]


def read_rules(version: ProcedureVersion) -> Rules:
    """Everything of the version but the official text of clauses; ten statements."""
    official = official_texts(version.pk)
    grades = [_grade(row, official) for row in Scale.objects.filter(procedure=version)]
    return Rules(
        version_id=version.pk,
        revision=version.version,
        state=State(version.state),
        header=_header(version),
        clauses={row.number: _clause(row) for row in Clause.objects.filter(procedure=version)},
        terms=tuple(_term(row, official) for row in Definition.objects.filter(procedure=version)),
        leaves={row.code: _leaf(row) for row in Category.objects.filter(procedure=version)},
        impacts={grade.code: grade for grade in grades if grade.kind == Scale.Kind.IMPACT},
        urgencies={grade.code: grade for grade in grades if grade.kind == Scale.Kind.URGENCY},
        matrix={(row.impact, row.urgency): row.priority for row in MatrixCell.objects.filter(procedure=version)},
        levels={row.priority: _level(row) for row in Target.objects.filter(procedure=version)},
        parameters={row.key: _setting(row) for row in Parameter.objects.filter(procedure=version)},
        duties=tuple(_duty(row) for row in Responsibility.objects.filter(procedure=version)),
    )


def _header(version: ProcedureVersion) -> Header:
    return Header(
        title=Words(version.title, version.title_en),
        number=version.number,
        version_label=version.version_label,
        controlled_status=version.controlled_status,
        confidentiality=version.confidentiality,
        issuer=version.issuer,
        issued_on=version.issued_on,
        effective_on=version.effective_on,
    )


def _explained(row: Clause | Definition | Category | Scale | Target | Parameter | Responsibility) -> dict[str, Any]:
    return {"explanation": Words(row.explanation, row.explanation_en), "basis": Basis(row.basis)}


def _clause(row: Clause) -> ClauseView:
    return ClauseView(row.number, Words(row.title, row.title_en), **_explained(row))


def _term(row: Definition, official: Official) -> Term:
    words = official.get((OfficialText.Kind.DEFINITION, row.identifier), "")
    return Term(row.identifier, Words(row.term, row.term_en), official=words, **_explained(row))


def _leaf(row: Category) -> Leaf:
    path = (
        Words(row.level1, row.level1_en),
        Words(row.level2, row.level2_en),
        Words(row.level3, row.level3_en),
    )
    return Leaf(row.code, path, is_active=row.is_active, **_explained(row))


def _grade(row: Scale, official: Official) -> Grade:
    words = official.get((OfficialText.Kind.SCALE, f"{row.kind}.{row.code}"), "")
    return Grade(row.kind, row.code, Words(row.name, row.name_en), official=words, **_explained(row))


def _level(row: Target) -> Level:
    return Level(
        row.priority,
        Words(row.name, row.name_en),
        row.value,
        Words(row.display, row.display_en),
        **_explained(row),
    )


def _setting(row: Parameter) -> Setting:
    return Setting(row.key, Words(row.name, row.name_en), row.value, row.unit, row.clause, **_explained(row))


def _duty(row: Responsibility) -> Duty:
    return Duty(Words(row.activity, row.activity_en), tuple(row.roles), row.clause, **_explained(row))
