"""The verbs from the solution to the closed record (clause 5.4.7)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Contact
from accounts.queries import contacts_of
from incidents.actions.agreeing import confirm_and_close, solving_with_agreement
from incidents.actions.annexes import add_annex, return_for_completion
from incidents.actions.closing import close, reject, reopen
from incidents.actions.first_contact import solve_in_first_contact
from incidents.actions.solving import quick_solve, resolve, state_breach_reason
from incidents.forms import NothingToFill, handling, intake
from incidents.models import Annex, Declaration, State, Way, is_late
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
from incidents.verbs.verb import GRADING, Prompt, Verb, VerbButton, own

CONFIRMATION = (CONFIRMED, CONFIRMED_BY_RIGHT, CONFIRMED_IN_WRITING)


def _add_annex(declaration_id: int, *, version: int | None, **values: Any) -> Any:
    """An annex changes nothing on the record, so it needs no version of it."""
    return add_annex(declaration_id, **values)


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


def _opening(declaration: Declaration, actor: Actor) -> dict[str, str]:
    """What the form begins with: the contact of the record if entitled, else whoever is, and the way that is asked."""
    contact = _entitled(declaration)
    found = {"contact": contact.code} if contact else {}
    if declaration.written_confirmation_due and not declaration.confirmed_in_writing:
        found["way"] = Way.SIGNED_SCAN.value
    return found


def _entitled(declaration: Declaration) -> Contact | None:
    own = declaration.contact
    if declaration.customer is None or (own is not None and own.may_confirm):
        return own
    return next((each for each in contacts_of(declaration.customer) if each.may_confirm), own)


VERBS = (
    Verb(
        "state_breach_reason",
        handling.BreachReasonForm,
        state_breach_reason,
        icon="clock-exclamation",
        key="F",
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
        solving_with_agreement(resolve, "resolve"),
        icon="check",
        key="D",
        button=pgettext_lazy("button", "Resolved"),
        done=_("Resolved; the customer confirms next"),
        timeline=LineFormat((HANDLING, TIME), fixed(_("Resolved"), "cause", "solution")),
        proves=("7",),
        rank=3,
        is_milestone=True,
        page="agreement",
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
        solving_with_agreement(quick_solve, "quick_solve"),
        icon="bolt",
        key="Q",
        button=pgettext_lazy("button", "Solved at once"),
        done=_("Solved; the customer confirms next"),
        timeline=LineFormat((HANDLING, TIME), fixed(_("Solved at once"), "cause", "solution")),
        proves=("7",),
        rank=4,
        is_milestone=True,
        page="agreement",
        columns=own("cause", "solution"),
    ),
    Verb(
        "solve_in_first_contact",
        handling.FirstContactForm,
        solving_with_agreement(solve_in_first_contact, "classify"),
        icon="bolt",
        key="F",
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
        confirm_and_close,
        icon="message-check",
        key="Y",
        button=pgettext_lazy("button", "Record the confirmation"),
        done=_("The confirmation is recorded"),
        timeline=LineFormat((CONTACT,), _confirm),
        initial=_opening,
        shows="written_confirmation",
        section=6,
        rank=10,
        page="agreement",
        prompt=Prompt(
            24,
            button=pgettext_lazy("step", "Confirmation"),
            due=lambda d: d.state == State.RESOLVED and not all(guard(d) for guard in CONFIRMATION),
            why=_("Waiting for the customer's confirmation"),
            awaits="customer",
        ),
    ),
    Verb(
        "reject",
        handling.RejectForm,
        reject,
        icon="repeat",
        key="T",
        button=pgettext_lazy("button", "Not solved: go on"),
        done=_("Handling goes on, by the same clock"),
        timeline=LineFormat((CONTACT, CHANGES), _reject),
        proves=("7",),
        rank=11,
    ),
    Verb(
        "close",
        NothingToFill,
        close,
        icon="circle-check",
        key="E",
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
        reopen,
        icon="lock-open",
        key="R",
        button=pgettext_lazy("button", "Reopen"),
        done=_("Opened again, by the same clock"),
        timeline=LineFormat((CHANGES,), _reopen),
        proves=("7",),
    ),
    Verb(
        "return_for_completion",
        handling.MissingForm,
        return_for_completion,
        icon="arrow-back-up",
        button=pgettext_lazy("button", "Send back for completion"),
        done=_("Sent back for completion"),
        timeline=LineFormat((CHANGES,), _annex),
        proves=("5.5",),
        choices=(VerbButton("send_back", "return_for_completion"),),
    ),
    Verb(
        "add_annex",
        handling.AnnexForm,
        _add_annex,
        icon="paperclip",
        key="A",
        button=pgettext_lazy("button", "Add the annex"),
        done=_("The annex is added"),
        timeline=LineFormat((CHANGES,), _annex),
        proves=("5.5",),
        section=7,
        prompt=Prompt(
            27,
            button=pgettext_lazy("step", "Add annex"),
            due=lambda d: d.state == State.CLOSED and d.completion_asked_at is not None,
            why=_("The custodian asks for an addition"),
        ),
    ),
)
