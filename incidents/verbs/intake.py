"""The verbs of intake (clauses 5.3 and 5.4.1)."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from base import wording
from incidents.actions.intake import accept_relayed
from incidents.actions.responses import respond
from incidents.forms import NothingToFill, intake
from incidents.models import Channel, Declaration, State
from incidents.models.guards import RESPONDED
from incidents.verbs.communication import contact
from incidents.verbs.due import in_state
from incidents.verbs.timeline import CONTACT, TIME, HistoryEntry, LineFormat, Names, Sentence, filled, label
from incidents.verbs.verb import Prompt, Verb
from procedure.queries import rules


def _why_accept(declaration: Declaration) -> str:
    minutes = rules(declaration.procedure_version_id).parameter("relay_ack_minutes")
    return gettext("Relayed; acknowledge within %(minutes)d min") % {"minutes": minutes}


def _why_respond(declaration: Declaration) -> str:
    return gettext("%(channel)s of %(time)s, not answered yet") % {
        "channel": Channel(declaration.channel).label,
        "time": wording.clock_time(declaration.received_at),
    }


def _accept(entry: HistoryEntry, names: Names) -> Sentence:
    if entry.fields.text("relay_acknowledged_at"):
        return Sentence(gettext("The desk acknowledged the relayed call"))
    answered = bool(entry.row("incidents.communication"))
    full = gettext("Accepted: %(channel)s, answered at once") if answered else gettext("Accepted: %(channel)s")
    return Sentence(filled(full, gettext("Accepted"), channel=label(Channel, entry.fields.text("channel"))))


VERBS = (
    Verb(
        "accept",
        NothingToFill,
        accept_relayed,
        icon="phone-incoming",
        key="E",
        button=pgettext_lazy("button", "Accept"),
        done=_("Accepted; the desk has it now"),
        timeline=LineFormat((CONTACT,), _accept),
        proves=("5.3",),
        at_once=True,
        prompt=Prompt(
            1,
            button=pgettext_lazy("step", "Acknowledge"),
            due=in_state(State.RELAYED),
            why=_why_accept,
        ),
    ),
    Verb(
        "respond",
        intake.RespondForm,
        respond,
        icon="phone-outgoing",
        key="R",
        button=pgettext_lazy("button", "Record the response"),
        done=_("The first response is recorded"),
        timeline=LineFormat((CONTACT, TIME), contact),
        rank=14,
        prompt=Prompt(
            4,
            button=pgettext_lazy("step", "Answer"),
            due=lambda d: d.state != State.RELAYED and not RESPONDED(d),
            why=_why_respond,
        ),
    ),
)
