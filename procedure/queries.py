"""The rules that the desk executes, read once a version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypedDict

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ledger.exceptions import SettingMissing
from procedure.models import (
    STANDING,
    Basis,
    Category,
    ChangeRow,
    Clause,
    Definition,
    MatrixCell,
    OfficialText,
    Parameter,
    ProcedureVersion,
    Reference,
    Responsibility,
    Scale,
    State,
    Target,
)


class Span(TypedDict):
    """A length of time as the procedure keeps it, for `sla` to count."""

    value: float
    unit: str
    clock: str


@dataclass(frozen=True)
class Words:
    """A text in both languages; as a string it is that of the reader, or Chinese where there is no other."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return self.en if self.en and (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Header:
    """What stands at the head of the document (R-DC-1)."""

    title: Words
    number: str
    version_label: str
    controlled_status: str
    confidentiality: str
    issuer: str
    issued_on: date
    effective_on: date


@dataclass(frozen=True)
class ClauseView:
    number: str
    title: Words
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Term:
    identifier: str
    term: Words
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Leaf:
    """A leaf of the category tree with its way down from the top."""

    code: str
    path: tuple[Words, Words, Words]
    explanation: Words
    basis: Basis
    is_active: bool

    @property
    def name(self) -> Words:
        return self.path[2]


@dataclass(frozen=True)
class Grade:
    """One step of the scale of impact or urgency."""

    kind: str
    code: str
    name: Words
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Level:
    """A priority with its time for solving; `display` is what the document prints."""

    priority: int
    name: Words
    target: Span
    display: Words
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Setting:
    """A parameter with the clause that needs it and why it is as it is."""

    key: str
    name: Words
    value: Any
    unit: str
    clause: str
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Duty:
    """A row of the table of clause 4.1; `roles` are role codes."""

    activity: Words
    roles: tuple[str, ...]
    clause: str
    explanation: Words
    basis: Basis


@dataclass(frozen=True)
class Rules:
    """All of one version but the official text; unknown codes raise `KeyError`."""

    version_id: int
    state: State
    header: Header
    clauses: dict[str, ClauseView]
    terms: tuple[Term, ...]
    leaves: dict[str, Leaf]
    impacts: dict[str, Grade]
    urgencies: dict[str, Grade]
    matrix: dict[tuple[str, str], int]
    levels: dict[int, Level]
    parameters: dict[str, Setting]
    duties: tuple[Duty, ...]

    def parameter(self, key: str) -> Any:
        """The value as its explanation describes it: a number, text, list or mapping from JSON.

        Raises `SettingMissing` where the version lacks it.
        """
        if found := self.parameters.get(key):
            return found.value
        raise SettingMissing(
            _(
                "The procedure lacks the parameter %(key)s. An administrator adds it with manage.py migrate; it is "
                "then shown under Procedure → Parameters."
            )
            % {"key": key}
        )

    def priority(self, impact: str, urgency: str) -> int:
        """The level of the pair by the nine cells (5.4.3, A-02)."""
        return self.matrix[impact, urgency]

    def target(self, priority: int) -> Span:
        """The time for solving a level where no contract says otherwise (5.4.3)."""
        return self.levels[priority].target

    def response_target(self, channel: str) -> Span:
        """The time for the first response by channel where no contract says otherwise (5.4.3, A-07)."""
        span: Span = self.parameter("response_target")[channel]
        return span

    def leaf(self, code: str) -> Leaf:
        return self.leaves[code]

    def clause(self, number: str) -> ClauseView:
        return self.clauses[number]


class NoProcedure(SettingMissing):
    """No version was in force on that day."""


_standing: dict[int, Rules] = {}


def in_force(on: date) -> ProcedureVersion:
    """The version by which a record accepted on that day (in China) is handled; one row by `procedure_effective`.

    Raises `NoProcedure` before the first version.
    """
    standing = ProcedureVersion.objects.filter(state__in=(State.IN_FORCE, State.WITHDRAWN), effective_on__lte=on)
    if found := standing.order_by("-effective_on", "-id").first():
        return found
    raise NoProcedure(
        _("No version of the procedure was in force on %(day)s. An administrator brings one in with manage.py migrate.")
        % {"day": on}
    )


def rules(version_id: int) -> Rules:
    """The rules of a version: nine reads once in a process, none afterwards; a draft is read anew each time."""
    if found := _standing.get(version_id):
        return found
    found = _read(ProcedureVersion.objects.get(pk=version_id))
    if found.state in STANDING:
        _standing[version_id] = found
    return found


@cache
def versions_until(version_id: int) -> tuple[int, ...]:
    """The versions that came into force up to that one, itself included; one statement once in a process."""
    last = ProcedureVersion.objects.get(pk=version_id)
    held = ProcedureVersion.objects.filter(state__in=(State.IN_FORCE, State.WITHDRAWN))
    return tuple(held.filter(effective_on__lte=last.effective_on).order_by("pk").values_list("pk", flat=True))


def forget_rules() -> None:
    """Empty what `rules` remembers, after an addition to a standing version, and for tests that roll versions back."""
    _standing.clear()
    versions_until.cache_clear()


def _read(version: ProcedureVersion) -> Rules:
    grades = [_grade(row) for row in Scale.objects.filter(procedure=version)]
    return Rules(
        version_id=version.pk,
        state=State(version.state),
        header=_header(version),
        clauses={row.number: _clause(row) for row in Clause.objects.filter(procedure=version)},
        terms=tuple(_term(row) for row in Definition.objects.filter(procedure=version)),
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


def _term(row: Definition) -> Term:
    return Term(row.identifier, Words(row.term, row.term_en), **_explained(row))


def _leaf(row: Category) -> Leaf:
    path = (
        Words(row.level1, row.level1_en),
        Words(row.level2, row.level2_en),
        Words(row.level3, row.level3_en),
    )
    return Leaf(row.code, path, is_active=row.is_active, **_explained(row))


def _grade(row: Scale) -> Grade:
    return Grade(row.kind, row.code, Words(row.name, row.name_en), **_explained(row))


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


def official_texts(version_id: int) -> dict[tuple[str, str], str]:
    """The owner's words by (kind, key), the newest import of each place; one query."""
    rows = OfficialText.objects.filter(procedure=version_id).order_by("id")
    return {(row.kind, row.key): row.text for row in rows}


def references(version_id: int) -> list[Reference]:
    """The register of documents that this one leads to (A-31)."""
    return list(Reference.objects.filter(procedure=version_id))


def changes(version_id: int) -> list[ChangeRow]:
    """The change table of a version (R-DC-2)."""
    return list(ChangeRow.objects.filter(procedure=version_id))


def versions() -> list[ProcedureVersion]:
    """All versions, newest first, with the people behind each."""
    return list(
        ProcedureVersion.objects.select_related("author", "reviewer", "approver").order_by("-effective_on", "-id")
    )
