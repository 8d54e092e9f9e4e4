"""Writes to the controlled document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _

from base.clock import now
from ledger.actions import create, step
from ledger.canonical import digest
from ledger.exceptions import Invalid
from ledger.signature import Signature
from procedure.models import (
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
from procedure.parsing import Place, Wanted, places
from procedure.queries import forget_rules

FIRST_VERSION = Path(__file__).parent / "data" / "v2_0.json"
LONGEST_PLACE = 20_000
CHINA = ZoneInfo("Asia/Shanghai")
PARTS: dict[str, type[models.Model]] = {
    "clauses": Clause,
    "definitions": Definition,
    "categories": Category,
    "scales": Scale,
    "matrix": MatrixCell,
    "targets": Target,
    "parameters": Parameter,
    "responsibilities": Responsibility,
    "references": Reference,
}


def adopt_first_version(signature: Signature) -> ProcedureVersion:
    """Bring version 2.0 of the paper document into force where there is no version yet; else give back the first.

    The header keeps the dates of the paper; the change row of the import bears today's date (A-32).
    """
    if first := ProcedureVersion.objects.order_by("id").first():
        return first
    data = json.loads(FIRST_VERSION.read_text(encoding="utf-8"))
    version = ProcedureVersion(**_with_dates(data["version"]))
    with create(version, signature=signature, action="import_version", clause="DC") as taken:
        for name, model in PARTS.items():
            for values in data[name]:
                taken.add(model(procedure=version, **values))
        for values in data["changes"]:
            taken.add(ChangeRow(procedure=version, authored_on=now().astimezone(CHINA).date(), **values))
        version.state = State.IN_FORCE
    return version


def add_missing_parameters(signature: Signature) -> list[str]:
    """Give every version the parameters that this release asks for and an earlier one did not know; their keys.

    Each version tells it in its own chain; what stands in it already is left as it is.
    """
    parameters = json.loads(FIRST_VERSION.read_text(encoding="utf-8"))["parameters"]
    return [key for version in ProcedureVersion.objects.all() for key in _add_missing(version, parameters, signature)]


def _add_missing(version: ProcedureVersion, parameters: list[dict[str, Any]], signature: Signature) -> list[str]:
    known = set(Parameter.objects.filter(procedure=version).values_list("key", flat=True))
    missing = [values for values in parameters if values["key"] not in known]
    if not missing:
        return []
    with step(
        ProcedureVersion,
        version.pk,
        version=None,
        signature=signature,
        action="add_parameters",
        clause="DC",
        bump=False,
    ) as taken:
        for values in missing:
            taken.add(Parameter(procedure=taken.record, **values))
    forget_rules()
    return [values["key"] for values in missing]


@dataclass(frozen=True)
class Imported:
    """What an import filled or left as it was; places with a heading only, places that the file lacks, and lines of
    the file that fit nowhere. A place is a pair such as ("clause", "5.4.1")."""

    filled: list[Place]
    unchanged: list[Place]
    empty: list[Place]
    missing: list[Place]
    unplaced: list[str]


def import_official_text(text: str, *, version: ProcedureVersion, signature: Signature) -> Imported:
    """Put the owner's own words beside the clauses, terms and scales of a version; one ledger entry.

    Places whose words stand there already are left alone, so a second import of a file changes nothing. Raises
    `Invalid` for a file with more than `LONGEST_PLACE` characters at one place, which is another document.
    """
    found = places(text, _wanted(version))
    standing = {(row.kind, row.key): row.text for row in version.official_texts.order_by("id")}
    fresh = {place: words for place, words in found.texts.items() if standing.get(place) != words}
    for _kind, key in (place for place, words in fresh.items() if len(words) > LONGEST_PLACE):
        sentence = _("More than %(count)d characters stand at %(place)s. Choose the file of this procedure.")
        raise Invalid({"file": [sentence % {"count": LONGEST_PLACE, "place": key}]})
    if fresh:
        _keep(fresh, digest(text), version, signature)
    return Imported(
        filled=list(fresh),
        unchanged=[place for place in found.texts if place not in fresh],
        empty=found.empty,
        missing=found.missing,
        unplaced=found.unplaced,
    )


def _wanted(version: ProcedureVersion) -> Wanted:
    return Wanted(
        clauses={row.number: row.title for row in Clause.objects.filter(procedure=version)},
        terms={row.term: row.identifier for row in Definition.objects.filter(procedure=version)},
        grades={row.name: f"{row.kind}.{row.code}" for row in Scale.objects.filter(procedure=version)},
    )


def _with_dates(values: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name.endswith("_on") else value for name, value in values.items()}


def _keep(fresh: dict[Place, str], source_digest: str, version: ProcedureVersion, signature: Signature) -> None:
    with step(
        ProcedureVersion, version.pk, version=None, signature=signature, action="import_official_text", clause="DC"
    ) as taken:
        taken.note(source_sha256=source_digest, places=len(fresh))
        for (kind, key), words in fresh.items():
            taken.add(
                OfficialText(
                    procedure=taken.record,
                    kind=kind,
                    key=key,
                    text=words,
                    source_digest=source_digest,
                    imported_at=now(),
                )
            )
    forget_rules()
