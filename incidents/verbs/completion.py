"""The verbs from the solution to the closed record (clause 5.4.7)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents import actions
from incidents.forms import NothingToFill, handling, intake
from incidents.models import Annex, State, is_late
from incidents.models.guards import CONFIRMED, CONFIRMED_BY_RIGHT, CONFIRMED_IN_WRITING
from incidents.verbs.due import in_state
from incidents.verbs.timeline import (
    CHANGES,
    CONTACT,
    HANDLING,
    TIME,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    filled,
    fixed,
    lines,
    listed,
    way,
)
from incidents.verbs.verb import GRADING, Choice, Prompt, Verb, own

CONFIRMATION = (CONFIRMED, CONFIRMED_BY_RIGHT, CONFIRMED_IN_WRITING)


def _add_annex(declaration_id: int, *, version: int | None, **values: Any) -> Any:
    """An annex changes nothing on the record, so it needs no version of it."""
    return actions.add_annex(declaration_id, **values)


def _confirm(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.confirmation")
    full, reason = gettext("%(who)s confirmed, %(way)s"), ""
    if row.flag("authorised") is False:
        full = gettext("%(who)s, who may not confirm, confirmed, %(way)s")
        reason = entry.fields.text("unauthorised_confirmation_reason")
    who = names.contact(row.number("contact"))
    confirmed = filled(full, gettext("Confirmed"), who=who, way=way(row.text("way")))
    score = filled(gettext("satisfaction %(score)d"), "", score=row.number("satisfaction"))
    return Sentence(listed([confirmed, score]), lines(row.text("opinion"), reason))


def _reject(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(gettext("The customer says that it is not solved"), entry.row("incidents.reopening").text("reason"))


def _reopen(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(gettext("Opened again"), entry.row("incidents.reopening").text("reason"))


def _annex(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.annex")
    missing = row.text("kind") == Annex.Kind.MISSING
    return Sentence(gettext("Sent back: something is missing") if missing else gettext("Annex added"), row.text("text"))


VERBS = (
    Verb(
        "state_breach_reason",
        handling.BreachReasonForm,
        actions.state_breach_reason,
        icon="clock-exclamation",
        button=pgettext_lazy("button", "Record the cause"),
        done=_("The cause is recorded"),
        timeline=LineFormat((TIME,), fixed(_("Stated the cause of the miss"), "breach_reason")),
        section=5,
        columns={"reason": "breach_reason"},
        prompt=Prompt(
            23,
            button=pgettext_lazy("step", "State the cause"),
            due=lambda d: d.state == State.RESOLVED and is_late(d) and not d.breach_reason,
            why=_("Solved late: the cause is needed before closing"),
        ),
    ),
    Verb(
        "resolve",
        handling.ResolveForm,
        actions.resolve,
        icon="check",
        button=pgettext_lazy("button", "Resolved"),
        done=_("Resolved; the customer confirms next"),
        timeline=LineFormat((HANDLING, TIME), fixed(_("Resolved"), "cause", "solution")),
        rank=3,
        is_milestone=True,
        columns=own("cause", "solution", "solution_kind", "supporters"),
        prompt=Prompt(
            22,
            button=pgettext_lazy("step", "Resolve"),
            due=in_state(State.IN_PROGRESS),
            why=_("Handling is recorded; write cause and solution when it works again"),
            of_handler=True,
        ),
    ),
    Verb(
        "quick_solve",
        handling.QuickSolveForm,
        actions.quick_solve,
        icon="bolt",
        button=pgettext_lazy("button", "Solved at once"),
        done=_("Solved; the customer confirms next"),
        timeline=LineFormat((HANDLING, TIME), fixed(_("Solved at once"), "cause", "solution")),
        rank=4,
        is_milestone=True,
        columns=own("cause", "solution"),
    ),
    Verb(
        "solve_in_first_contact",
        handling.FirstContactForm,
        actions.solve_in_first_contact,
        icon="bolt",
        button=pgettext_lazy("button", "Solved at once"),
        done=_("Solved; the customer confirms next"),
        hint=_("Classification, look-up, solution and telling are recorded one by one, in one go."),
        opens="classify",
        named=pgettext_lazy("verb", "Solve in the first contact"),
        page="first_contact",
        columns=GRADING | own("cause", "solution"),
    ),
    Verb(
        "confirm",
        handling.ConfirmForm,
        actions.confirm,
        icon="message-check",
        button=pgettext_lazy("button", "Record the confirmation"),
        done=_("The confirmation is recorded"),
        timeline=LineFormat((CONTACT,), _confirm),
        section=6,
        rank=10,
        page="confirmation",
        prompt=Prompt(
            24,
            button=pgettext_lazy("step", "Confirmation"),
            due=lambda d: d.state == State.RESOLVED and not all(asked(d) for asked in CONFIRMATION),
            why=_("Waiting for the customer's confirmation"),
            awaits="customer",
        ),
    ),
    Verb(
        "reject",
        handling.RejectForm,
        actions.reject,
        icon="repeat",
        button=pgettext_lazy("button", "Not solved: go on"),
        done=_("Handling goes on, by the same clock"),
        timeline=LineFormat((CONTACT, CHANGES), _reject),
        rank=11,
    ),
    Verb(
        "close",
        NothingToFill,
        actions.close,
        icon="circle-check",
        button=pgettext_lazy("button", "Close"),
        done=_("Closed; the custodian files it"),
        timeline=LineFormat((HANDLING,), fixed(_("Closed"), "unauthorised_confirmation_reason")),
        rank=12,
        is_milestone=True,
        prompt=Prompt(
            25,
            button=pgettext_lazy("step", "Close"),
            due=in_state(State.RESOLVED),
            why=_("Confirmed by the customer; can be closed"),
        ),
    ),
    Verb(
        "reopen",
        intake.ReasonForm,
        actions.reopen,
        icon="lock-open",
        button=pgettext_lazy("button", "Reopen"),
        done=_("Opened again, by the same clock"),
        timeline=LineFormat((CHANGES,), _reopen),
    ),
    Verb(
        "return_for_completion",
        handling.MissingForm,
        actions.return_for_completion,
        icon="arrow-back-up",
        button=pgettext_lazy("button", "Send back for completion"),
        done=_("Sent back for completion"),
        timeline=LineFormat((CHANGES,), _annex),
        choices=(Choice("send_back", "return_for_completion"),),
    ),
    Verb(
        "add_annex",
        handling.AnnexForm,
        _add_annex,
        icon="paperclip",
        button=pgettext_lazy("button", "Add the annex"),
        done=_("The annex is added"),
        timeline=LineFormat((CHANGES,), _annex),
        section=7,
        prompt=Prompt(
            27,
            button=pgettext_lazy("step", "Add annex"),
            due=lambda d: d.state == State.CLOSED and d.completion_asked_at is not None,
            why=_("The custodian asks for an addition"),
        ),
    ),
)
