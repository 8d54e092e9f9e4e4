"""Filing a form for good, and keeping count of what is printed (clauses 5.4.7 and 5.5)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from base.clock import now
from incidents.actions.steps import require, working
from incidents.models import Declaration
from ledger.actions import append, seal_soon
from ledger.canonical import canonical, digest
from ledger.exceptions import NotPossible
from ledger.models import Entry
from procedure.queries import rules
from record_form.models import FiledForm
from record_form.queries import frozen_part, missing_in
from record_form.structure import SCHEMA, RecordForm


def file(declaration_id: int, *, version: int | None, actor: Actor, paper_place: str) -> Declaration:
    """The custodian files a closed record (T24): its form is frozen and kept for the years of the parameter.

    Raises NotPossible with a reason for every obligatory row that is not filled in.
    """
    with working(declaration_id, "file", version=version, actor=actor) as step:
        require(
            paper_place=None
            if paper_place.strip()
            else _("Say where the paper originals are kept, or that there are none.")
        )
        declaration, at = step.record, now()
        declaration.file(
            filed_by=actor.user, filed_at=at, paper_place=paper_place, retention_until=retention_until(declaration)
        )
        form = frozen_part(declaration)
        _refuse_incomplete(form)
        content = canonical(form.as_data())
        sha256 = digest(content)
        step.add(FiledForm(declaration=declaration, content=content, sha256=sha256, schema=SCHEMA, filed_at=at))
        step.note(form_sha256=sha256)
        seal_soon()
    return declaration


def retention_until(declaration: Declaration) -> date:
    """The last day on which the form is kept: so many years after the day of closing in China (A-24)."""
    assert declaration.closed_at is not None
    closed_on = local_day(declaration.closed_at)
    year = closed_on.year + int(rules(declaration.procedure_version_id).parameter("retention_years"))
    try:
        return closed_on.replace(year=year)
    except ValueError:
        # Closed on 29 February, and that year has none.
        return closed_on.replace(year=year, day=28)


def record_print(
    declaration: Declaration, *, actor: Actor, form: RecordForm, medium: Literal["page", "pdf", "file"]
) -> Entry:
    """Write into the print log who took which form and when (R-DC-4); the declaration itself is left alone."""
    printed = append(
        f"prints:{declaration.number}",
        signature=actor.signature(),
        action="print_form",
        clause="DC",
        payload={"facts": {"number": form.number, "sha256": form_digest(form), "medium": medium}},
    )
    seal_soon()
    return printed


def form_digest(form: RecordForm) -> str:
    """The content hash of sections 1 to 8; of a filed form the one that was filed."""
    return digest(canonical(form.frozen.as_data()))


def _refuse_incomplete(form: RecordForm) -> None:
    reasons = missing_in(form)
    if reasons:
        raise NotPossible(
            _("The form is not complete; send it back for completion, or have it filled in."),
            clause="5.4.7",
            reasons=reasons,
        )
