"""A row that was written twice or by mistake is struck out: it stays readable and counts no more (R-5.4.4-8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from base.clock import now
from base.wording import clock_time
from files.kinds import MAIL
from incidents.actions.attachments import SCANS
from incidents.actions.steps import require, working
from incidents.models import (
    PAPER_CHANNELS,
    STANDING,
    WRITTEN_CHANNELS,
    Attachment,
    Communication,
    Confirmation,
    Declaration,
    HandlingStep,
    KnowledgeLookup,
    State,
    Visit,
    Voidable,
)
from incidents.queries.striking import named_row
from ledger.exceptions import NotPossible

Rows: TypeAlias = "QuerySet[Any, Any]"


def strike_out(declaration_id: int, *, version: int | None, actor: Actor, row: str, reason: str) -> Declaration:
    """Strike out one row, with who, when and why: no guard, no figure and no section of the form counts it any more.

    Raises NotPossible for one that is struck out already, and for one on which something rests, which says what to do.
    """
    with working(declaration_id, "strike_out", version=version, actor=actor) as step:
        record = step.record
        found = named_row(record, row)
        require(
            row=None if found else _("Choose the entry that was written by mistake."),
            reason=None if reason.strip() else _("Say why it is struck out."),
        )
        assert found is not None
        _refuse_twice(found)
        if rests := REFUSALS[type(found)](record, found):
            raise NotPossible(rests, clause="5.4.4")
        struck = step.track(found)
        struck.voided_at, struck.voided_by, struck.void_reason = now(), actor.user, reason.strip()
        others = type(found)._default_manager.filter(STANDING, declaration=record).exclude(pk=found.pk)
        record.strike_out(**COUNTED[type(found)](record, others))
    return record


def _refuse_twice(row: Voidable) -> None:
    if row.stands:
        return
    struck = {"person": row.voided_by or "", "time": clock_time(row.voided_at) if row.voided_at else ""}
    raise NotPossible(_("It was struck out by %(person)s at %(time)s already.") % struck, clause="5.4.4")


def _rests_on_system(row: Voidable) -> str:
    return "" if row.by_id else _("The system or the customer wrote this: what was sent or came in stays.")


def _rests_on_step(record: Declaration, row: Voidable) -> str:
    """The solution waits for one step with its result."""
    others = record.handlingstep_rows.filter(STANDING).exclude(pk=row.pk)
    if record.state != State.RESOLVED or record.quick_solved or others.exists():
        return _rests_on_system(row)
    return _("It was solved on this step alone. Have the customer reject it, record what was done, then strike it out.")


def _rests_on_lookup(record: Declaration, row: Voidable) -> str:
    """Handling began on a look-up before it."""
    if record.started_at is None or row.at > record.started_at:
        return _rests_on_system(row)
    others = record.knowledgelookup_rows.filter(STANDING, at__lte=record.started_at).exclude(pk=row.pk)
    if others.exists():
        return _rests_on_system(row)
    return _("Handling began on this look-up alone, so it stays. Consult the knowledge base again with what is right.")


def _rests_on_contact(record: Declaration, row: Voidable) -> str:
    """The first response, an answer that others act on, what was asked for, and the solution that was told."""
    assert isinstance(row, Communication)
    if row.is_first_response:
        return _("The first response stands on this contact. If it was written twice, strike out the other one.")
    if row.at == record.customer_answered_at:
        return _(
            "The answer to the request stands on this contact. Tell the customer what is right, then strike it out."
        )
    if record.state == State.RESOLVED and row.at == record.resolved_at:
        return _("With this contact the solution was told. Have it rejected, and resolve it anew with what is right.")
    if record.waiting_rows.filter(at=row.at).exists():
        return _("With this contact the customer was asked for what is awaited, so it stays.")
    return _rests_on_system(row)


def _rests_on_visit(_record: Declaration, row: Voidable) -> str:
    return _rests_on_system(row)


def _rests_on_file(record: Declaration, row: Voidable) -> str:
    """The customer's signed word, and the original of a letter, a fax or an e-mail."""
    assert isinstance(row, Attachment)
    if Confirmation.objects.filter(attachment=row).exists():
        return _("The customer's confirmation stands on this file. Record the confirmation again with the right one.")
    if record.channel in WRITTEN_CHANNELS and not record.no_file_reason and _is_last_original(record, row):
        return _("It came in as this file, and there is no other. Attach the right one to a step first.")
    return _rests_on_system(row)


def _is_last_original(record: Declaration, row: Attachment) -> bool:
    wanted = Q(file__media_type__in=SCANS if record.channel in PAPER_CHANNELS else [MAIL.media_type])
    originals = record.attachment_rows.filter(STANDING, wanted)
    return originals.filter(pk=row.pk).exists() and not originals.exclude(pk=row.pk).exists()


REFUSALS: Mapping[type[Voidable], Callable[[Declaration, Voidable], str]] = {
    HandlingStep: _rests_on_step,
    KnowledgeLookup: _rests_on_lookup,
    Communication: _rests_on_contact,
    Visit: _rests_on_visit,
    Attachment: _rests_on_file,
}


def _without_step(record: Declaration, others: Rows) -> dict[str, object]:
    last = others.aggregate(at=Max("at"))["at"]
    return {"handled_at": last or (record.started_at if record.quick_solved else None)}


def _without_lookup(_record: Declaration, others: Rows) -> dict[str, object]:
    last = others.select_related("article_version__article").order_by("at", "pk").last()
    code = last.article_version.article.code if last and last.article_version else ""
    return {"looked_up_at": last.at if last else None, "article_code": code}


def _without_contact(record: Declaration, others: Rows) -> dict[str, object]:
    """When the customer last heard something, and how often nobody was reached since the solution."""
    told = others.filter(reached=True).aggregate(at=Max("at"))["at"]
    columns: dict[str, object] = {"communicated_at": told}
    if record.resolved_at is not None:
        tried = sorted(others.filter(reached=False, at__gte=record.resolved_at).values_list("at", flat=True))
        days = {local_day(at) for at in tried}
        columns |= {"first_attempt_at": tried[0] if tried else None, "unanswered_attempts": len(days)}
    return columns


def _without_visit(_record: Declaration, others: Rows) -> dict[str, object]:
    return {"visits_open": others.filter(departure=None).count()}


def _without_file(_record: Declaration, _others: Rows) -> dict[str, object]:
    return {}


COUNTED: Mapping[type[Voidable], Callable[[Declaration, Rows], dict[str, object]]] = {
    HandlingStep: _without_step,
    KnowledgeLookup: _without_lookup,
    Communication: _without_contact,
    Visit: _without_visit,
    Attachment: _without_file,
}
