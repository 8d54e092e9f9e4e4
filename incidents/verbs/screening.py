"""The verbs of screening (clause 5.4.2)."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incidents.actions.callers import enter_caller, tie_contact
from incidents.actions.entering import typed_caller
from incidents.actions.handovers import hand_over
from incidents.actions.screening import screen_as_incident, screen_as_invalid, screen_as_request
from incidents.actions.twins import record_security_twin
from incidents.forms import intake
from incidents.models import HandoverKind, InvalidReason, State
from incidents.verbs.due import in_state
from incidents.verbs.timeline import (
    CHANGES,
    CONTACT,
    HANDLING,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    filled,
    fixed,
    label,
    short,
)
from incidents.verbs.verb import Prompt, Verb, own


def _invalid(entry: HistoryEntry, names: Names) -> Sentence:
    reason = label(InvalidReason, entry.record.text("invalid_reason"))
    return Sentence(
        filled(gettext("Screened: invalid, %(reason)s"), gettext("Screened: invalid"), reason=reason),
        entry.fields.text("invalid_text"),
    )


def _request(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(gettext("Screened: service request, passed on word for word"), short(entry.fields.text("verbatim")))


def _hand_over(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handover")
    return Sentence(
        filled(
            gettext("Handed over as %(kind)s to %(receiver)s"),
            gettext("Handed over"),
            kind=label(HandoverKind, row.text("kind")),
            receiver=names.person(row.number("receiver")),
        ),
        row.text("content"),
    )


def _entered(entry: HistoryEntry, names: Names) -> Sentence:
    full, plain = gettext("The caller became a contact: %(name)s"), gettext("The caller became a contact")
    return Sentence(filled(full, plain, name=entry.facts.text("name")))


def _tied(entry: HistoryEntry, names: Names) -> Sentence:
    name = entry.facts.text("name")
    return Sentence(
        filled(gettext("The caller is %(name)s"), gettext("Tied to a contact"), name=name),
        before=entry.facts.text("before"),
        after=name,
    )


VERBS = (
    Verb(
        "screen_as_incident",
        intake.IncidentForm,
        screen_as_incident,
        icon="filter",
        key="S",
        button=pgettext_lazy("button", "Incident: on to classification"),
        done=_("Screened as an incident"),
        timeline=LineFormat((HANDLING,), fixed(_("Screened: valid, within the contract, incident"))),
        is_screening=True,
        page="screening",
        columns=own("contact_means"),
        prompt=Prompt(
            5,
            button=pgettext_lazy("step", "Screen"),
            due=in_state(State.ACCEPTED),
            why=_("Answered, to be screened"),
            gives_time=True,
        ),
    ),
    Verb(
        "screen_as_request",
        intake.RequestForm,
        screen_as_request,
        icon="message-plus",
        key="S",
        button=pgettext_lazy("button", "Pass on to head and risk control"),
        done=_("Passed on to the head and risk control"),
        timeline=LineFormat((HANDLING,), _request, "filter"),
        is_milestone=True,
        is_screening=True,
        page="screening",
        columns=own("contact_means"),
    ),
    Verb(
        "hand_over",
        intake.HandOverForm,
        hand_over,
        icon="arrow-forward-up",
        key="S",
        button=pgettext_lazy("button", "Hand over"),
        done=_("Handed over; the receiver signs"),
        timeline=LineFormat((HANDLING,), _hand_over),
        is_screening=True,
        page="screening",
    ),
    Verb(
        "screen_as_invalid",
        intake.InvalidForm,
        screen_as_invalid,
        icon="circle-minus",
        key="S",
        button=pgettext_lazy("button", "End as invalid"),
        done=_("Ended as invalid"),
        timeline=LineFormat((HANDLING,), _invalid),
        hint=_("The record ends here."),
        is_screening=True,
        page="screening",
    ),
    Verb(
        "record_security_twin",
        intake.SecurityTwinForm,
        record_security_twin,
        icon="shield-lock",
        button=pgettext_lazy("button", "Record it apart"),
        done=_("Recorded as a declaration of its own; answer the caller and hand it over"),
        timeline=LineFormat((CHANGES,), fixed(_("A linked record was made")), "link"),
        initial=lambda d, _actor: {"subject": d.subject, "body": d.body},
        hint=_("It gets its own number and clocks, and only desk, security officer, head and auditors read it."),
        leads_on=True,
    ),
    Verb(
        "enter_caller",
        intake.EnterCallerForm,
        enter_caller,
        icon="user-plus",
        button=pgettext_lazy("button", "Add to the contacts"),
        done=_("The caller is a contact of the customer now"),
        timeline=LineFormat((CONTACT,), _entered),
        hint=_("The next call is found by name and number. Name and number on the record stay as they were typed."),
        initial=lambda declaration, _actor: typed_caller(declaration),
    ),
    Verb(
        "tie_contact",
        intake.TieContactForm,
        tie_contact,
        icon="link",
        button=pgettext_lazy("button", "Tie to this contact"),
        done=_("The record names the contact"),
        timeline=LineFormat((CONTACT, CHANGES), _tied, is_edit=True),
        hint=_("Name and number stay as they were typed."),
        initial=lambda _declaration, _actor: {"contact": ""},
    ),
)
