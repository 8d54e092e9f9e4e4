"""The verbs of waiting for the customer and of telling the customer (clauses 5.4.4 and 5.4.6)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from base import wording
from base.clock import now
from incidents.actions.informing import communicate_and_handle
from incidents.actions.waiting import resume, wait
from incidents.forms import handling
from incidents.models import Declaration, State
from incidents.verbs.due import answer_due, in_state, refusal_due, update_due, update_interval, was_due
from incidents.verbs.timeline import (
    CONTACT,
    TIME,
    HistoryEntry,
    LineFormat,
    Names,
    Sentence,
    either,
    filled,
    moment,
    short,
    way,
)
from incidents.verbs.verb import Prompt, Verb


def _why_communicate(declaration: Declaration) -> str:
    if refusal_due(declaration):
        return gettext("The head speaks against the request; tell the customer")
    if answer_due(declaration):
        return gettext("The head accepted the request; tell the customer")
    last_contact = declaration.communicated_at or declaration.received_at
    if declaration.due_at is not None and was_due(declaration, last_contact, now()):
        return gettext("Was due %(due)s; tell the customer the new time first") % {
            "due": wording.clock_time(declaration.due_at)
        }
    return gettext("Update the customer every %(interval)s, last %(span)s ago") % {
        "interval": wording.duration(update_interval(declaration) or timedelta()),
        "span": wording.duration(now() - last_contact),
    }


def contact(entry: HistoryEntry, names: Names) -> Sentence:
    promised = moment(entry.row("incidents.communication").text("promised_at"))
    return Sentence(
        contact_text(entry, names),
        filled(gettext("New time promised: %(time)s"), "", time=promised) if promised else "",
    )


def contact_text(entry: HistoryEntry, names: Names) -> str:
    row = entry.row("incidents.communication")
    to = names.contact(row.number("contact")) or row.text("to")
    full = gettext("%(way)s to %(to)s: %(text)s") if to else gettext("%(way)s: %(text)s")
    if row.flag("reached") is False:
        full = gettext("%(way)s: nobody reached. %(text)s")
    elif row.flag("from_customer"):
        full = gettext("%(way)s from %(to)s: %(text)s") if to else gettext("The customer, %(way)s: %(text)s")
    elif row.flag("is_first_response"):
        full = (
            gettext("First response, %(way)s to %(to)s: %(text)s")
            if to
            else gettext("First response, %(way)s: %(text)s")
        )
    values = {"way": way(row.text("way")), "text": short(row.text("text"))}
    return filled(full, gettext("Contact with the customer"), **values, **({"to": to} if to else {}))


def _wait(entry: HistoryEntry, names: Names) -> Sentence:
    row, plain = entry.row("incidents.waiting"), gettext("Waiting for the customer")
    stopped, runs = gettext("Waiting, clock stopped: %(awaits)s"), gettext("Waiting, clock runs: %(awaits)s")
    full = either(row.flag("stops_clock"), stopped, runs, plain)
    request = contact_text(entry, names) if entry.row("incidents.communication") else ""
    detail = " · ".join(filter(None, [request, row.text("basis")]))
    return Sentence(filled(full, plain, awaits=short(row.text("awaits"))), detail)


def _resume(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.waiting")
    values = {"way": way(row.text("way")), "received": short(row.text("received"))}
    return Sentence(
        filled(gettext("The customer answered, %(way)s: %(received)s"), gettext("The customer answered"), **values)
    )


VERBS = (
    Verb(
        "wait",
        handling.WaitForm,
        wait,
        icon="hourglass",
        key="H",
        button=pgettext_lazy("button", "Wait for the customer"),
        done=_("Waiting for the customer"),
        timeline=LineFormat((CONTACT, TIME), _wait),
    ),
    Verb(
        "resume",
        handling.ResumeForm,
        resume,
        icon="player-play",
        key="U",
        button=pgettext_lazy("button", "Go on handling"),
        done=_("Handling goes on"),
        timeline=LineFormat((CONTACT, TIME), _resume),
        prompt=Prompt(
            20,
            button=pgettext_lazy("step", "Go on"),
            due=in_state(State.WAITING_CUSTOMER),
            why=_("Waiting for the customer"),
            awaits="customer",
            of_handler=True,
        ),
    ),
    Verb(
        "communicate",
        handling.CommunicateForm,
        communicate_and_handle,
        icon="phone-outgoing",
        button=pgettext_lazy("button", "Record the contact"),
        done=_("The contact is recorded"),
        timeline=LineFormat((CONTACT,), contact, row="communication"),
        shows="due_time",
        page="contact",
        key="C",
        section=5,
        rank=2,
        prompt=Prompt(
            17,
            button=pgettext_lazy("step", "Update customer"),
            due=lambda d: answer_due(d) or update_due(d, now()),
            why=_why_communicate,
        ),
    ),
)
