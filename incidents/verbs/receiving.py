"""The verbs of service requests and hand-overs (clause 5.4.2)."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.actors import local_day
from base.clock import now
from incidents.actions.handovers import complete_handover, receive_handover, return_handover
from incidents.actions.requests import accept_request, complete_request, decline_request, give_opinion
from incidents.forms import NothingToFill, intake
from incidents.models import State
from incidents.verbs.due import in_state
from incidents.verbs.timeline import CHANGES, HANDLING, HistoryEntry, LineFormat, Names, Sentence, either, filled, fixed
from incidents.verbs.verb import Prompt, Verb, VerbButton

REQUEST = (_("Decision on a service request"), "rubber-stamp")
DECLINE = VerbButton("decline", "decline_request", text="reason", shortcut="X")


def _opinion(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.opinion")
    agrees = either(
        row.flag("agrees"), gettext("Opinion: agrees"), gettext("Opinion: does not agree"), gettext("Gave an opinion")
    )
    return Sentence(agrees, row.text("text"))


def _returned(entry: HistoryEntry, names: Names) -> Sentence:
    return Sentence(gettext("Returned to the desk"), entry.row("incidents.handover").text("return_reason"))


def _completed(entry: HistoryEntry, names: Names) -> Sentence:
    row = entry.row("incidents.handover")
    full = gettext("Hand-over completed: %(reference)s")
    return Sentence(filled(full, gettext("Hand-over completed"), reference=row.text("reference")), row.text("result"))


VERBS = (
    Verb(
        "give_opinion",
        intake.OpinionForm,
        give_opinion,
        icon="message-plus",
        button=pgettext_lazy("button", "Give this opinion"),
        done=_("Your opinion is recorded"),
        timeline=LineFormat((HANDLING,), _opinion),
        shows="request",
        queue="decisions",
        listed_as=(_("Opinion on a service request"), "message-plus"),
        explains=_("Your opinion goes to the head, who decides once both opinions are there."),
        prompt=Prompt(
            9,
            button=pgettext_lazy("step", "Give opinion"),
            due=in_state(State.REQUEST_REVIEW),
            why=_("Service request; waits for your opinion"),
        ),
        choices=(
            VerbButton(
                "against",
                "give_opinion",
                pgettext_lazy("button", "Speak against it"),
                "text",
                {"agrees": "false"},
                "X",
                done=_("Your opinion is recorded: against the request"),
            ),
            VerbButton(
                "for",
                "give_opinion",
                pgettext_lazy("button", "Agree"),
                "text",
                {"agrees": "true"},
                "Y",
                primary=True,
                done=_("Your opinion is recorded: for the request"),
            ),
        ),
        ready=(_("Can be delivered with the staff at hand"), _("Not within our means at present")),
    ),
    Verb(
        "accept_request",
        intake.ReasonForm,
        accept_request,
        icon="check",
        button=pgettext_lazy("button", "Accept the request"),
        done=_("The request is accepted"),
        timeline=LineFormat((HANDLING,), fixed(_("Service request accepted"), "request_reason")),
        shows="request",
        is_milestone=True,
        queue="decisions",
        listed_as=REQUEST,
        explains=_(
            "Accepting starts the request, and the desk tells the customer. Declining ends the record; the desk has to "
            "tell the customer first."
        ),
        prompt=Prompt(
            10,
            button=pgettext_lazy("step", "Decide"),
            due=lambda d: d.head_agrees is True,
            why=_("Both opinions are there; decide on the request"),
        ),
        choices=(DECLINE, VerbButton("take", "accept_request", text="reason", shortcut="Y", primary=True)),
        ready=(_("Can be delivered with the staff at hand"), _("Staff and time are not available")),
    ),
    Verb(
        "decline_request",
        intake.ReasonForm,
        decline_request,
        icon="ban",
        button=pgettext_lazy("button", "Decline the request"),
        done=_("The request is declined"),
        timeline=LineFormat((HANDLING,), fixed(_("Service request declined"), "request_reason")),
        shows="request",
        queue="decisions",
        listed_as=REQUEST,
        explains=_("Declining ends the record; the desk has to tell the customer first."),
        prompt=Prompt(
            11,
            button=pgettext_lazy("step", "Decline"),
            due=lambda d: d.head_agrees is False,
            why=_("You did not agree; decline it with the reason"),
        ),
        choices=(DECLINE,),
        ready=(_("Not within our means at present"), _("Risk control speaks against it")),
    ),
    Verb(
        "complete_request",
        intake.CompleteRequestForm,
        complete_request,
        icon="checks",
        button=pgettext_lazy("button", "Complete"),
        done=_("The request is completed"),
        timeline=LineFormat((HANDLING,), fixed(_("Service request completed"), "request_result")),
        initial=lambda _declaration, _actor: {"completed_on": local_day(now())},
        shows="request",
        is_milestone=True,
        prompt=Prompt(
            18,
            button=pgettext_lazy("step", "Complete"),
            due=in_state(State.REQUEST_IN_PROGRESS),
            why=_("The customer knows; enter the result when it is done"),
        ),
    ),
    Verb(
        "receive_handover",
        NothingToFill,
        receive_handover,
        icon="signature",
        button=pgettext_lazy("button", "Sign for receipt"),
        done=_("Signed for"),
        timeline=LineFormat((HANDLING,), fixed(_("Signed for receipt"))),
        at_once=True,
        queue="handovers",
        prompt=Prompt(
            2,
            button=pgettext_lazy("step", "Sign for"),
            due=in_state(State.HANDED_OVER),
            why=_("Handed over to you, not signed for yet"),
        ),
        choices=(VerbButton("receive", "receive_handover", primary=True),),
    ),
    Verb(
        "return_handover",
        intake.ReasonForm,
        return_handover,
        icon="arrow-back-up",
        button=pgettext_lazy("button", "Return to the desk"),
        done=_("Returned to the desk"),
        timeline=LineFormat((CHANGES,), _returned),
        choices=(VerbButton("return", "return_handover"),),
    ),
    Verb(
        "complete_handover",
        intake.CompleteHandoverForm,
        complete_handover,
        icon="checks",
        button=pgettext_lazy("button", "Complete"),
        done=_("The hand-over is completed"),
        timeline=LineFormat((HANDLING,), _completed),
        queue="handovers",
        prompt=Prompt(
            3,
            button=pgettext_lazy("step", "Complete"),
            due=in_state(State.HANDOVER_RECEIVED),
            why=_("Received; enter the other process's number and the result"),
        ),
        choices=(VerbButton("complete", "complete_handover", primary=True),),
    ),
)
