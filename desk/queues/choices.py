"""The buttons under one item of a queue, and what pressing one does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.requests import DeskRequest
from desk.verbs import FACES
from incidents.access import refuse_impossible
from incidents.actions import demand_entitlement
from incidents.models import Declaration
from ledger.exceptions import Invalid, NotPossible
from ledger.forms import posted_version
from record_form.verbs import VERBS


@dataclass(frozen=True)
class Choice:
    """One button: the verb behind it, the values that it stands for, where the typed text belongs, and what is said
    afterwards: with several buttons, which of them it was."""

    key: str
    verb: str
    label: str | Promise
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    shortcut: str = ""
    primary: bool = False
    said: str | Promise = ""

    @property
    def done(self) -> str:
        return str(self.said or FACES[self.verb].done)


DECIDE = (
    Choice(
        "refuse",
        "decide_escalation",
        pgettext_lazy("button", "Refuse"),
        "reason",
        {"approved": "false"},
        "X",
        said=_("Refused: you did not approve the escalation"),
    ),
    Choice(
        "approve",
        "decide_escalation",
        pgettext_lazy("button", "Approve"),
        "reason",
        {"approved": "true"},
        "Y",
        primary=True,
        said=_("Approved: you agreed to the escalation"),
    ),
)
COUNTERSIGN = (
    Choice(
        "object",
        "countersign",
        pgettext_lazy("button", "Object"),
        "opinion",
        {"agrees": "false"},
        "X",
        said=_("Objected: you did not countersign"),
    ),
    Choice(
        "agree",
        "countersign",
        pgettext_lazy("decision", "Countersign"),
        "opinion",
        {"agrees": "true"},
        "Y",
        primary=True,
        said=_("Countersigned: you agreed"),
    ),
)
OPINION = (
    Choice(
        "against",
        "give_opinion",
        pgettext_lazy("button", "Speak against it"),
        "text",
        {"agrees": "false"},
        "X",
        said=_("Your opinion is recorded: against the request"),
    ),
    Choice(
        "for",
        "give_opinion",
        pgettext_lazy("button", "Agree"),
        "text",
        {"agrees": "true"},
        "Y",
        primary=True,
        said=_("Your opinion is recorded: for the request"),
    ),
)
DECLINE = Choice("decline", "decline_request", pgettext_lazy("button", "Decline the request"), "reason", shortcut="X")
REQUEST = (
    DECLINE,
    Choice("take", "accept_request", FACES["accept_request"].button, "reason", {}, "Y", True),
)
REPORT = (
    Choice("take_over", "take_over", FACES["take_over"].button, "answer", shortcut="X"),
    Choice("answer", "answer_report", FACES["answer_report"].button, "answer", shortcut="Y", primary=True),
)
CHOICES: Mapping[str, tuple[Choice, ...]] = {
    "decide_escalation": DECIDE,
    "countersign": COUNTERSIGN,
    "give_opinion": OPINION,
    "accept_request": REQUEST,
    "decline_request": (DECLINE,),
    "answer_report": REPORT,
    "receive_handover": (Choice("receive", "receive_handover", FACES["receive_handover"].button, primary=True),),
    "return_handover": (Choice("return", "return_handover", FACES["return_handover"].button),),
    "complete_handover": (Choice("complete", "complete_handover", FACES["complete_handover"].button, primary=True),),
    "file": (Choice("file", "file", FACES["file"].button, primary=True),),
    "return_for_completion": (Choice("send_back", "return_for_completion", FACES["return_for_completion"].button),),
}
BY_KEY: Mapping[str, Choice] = {choice.key: choice for choices in CHOICES.values() for choice in choices}
# Words that stand ready for the reason, so that one click is enough.
READY: Mapping[str, tuple[Promise, ...]] = {
    "decide_escalation": (
        _("Severe impact; the root cause has to be found"),
        _("The cause is known and being put right; tracked here"),
    ),
    "countersign": (_("Facts and reason are sound"), _("The reason does not cover the risk")),
    "give_opinion": (_("Can be delivered with the staff at hand"), _("Not within our means at present")),
    "accept_request": (_("Can be delivered with the staff at hand"), _("Staff and time are not available")),
    "decline_request": (_("Not within our means at present"), _("Risk control speaks against it")),
    "answer_report": (_("Go on as planned; I keep an eye on it"), _("I step in and speak to the customer")),
}


def said(verb: str, posted: Mapping[str, str]) -> str:
    """What is said after a verb that was carried out with these values, as the button for them says it."""
    fits = (each for each in CHOICES.get(verb, ()) if all(posted.get(k) == v for k, v in each.values.items()))
    choice = next((each for each in fits if each.verb == verb), None)
    return choice.done if choice else str(FACES[verb].done)


def carry_out(request: DeskRequest, declaration: Declaration) -> Choice:
    """Do what was pressed, with what was typed; raises Invalid and every other refusal of form and action."""
    actor = request.actor
    posted = request.POST.dict()
    choice = BY_KEY.get(posted.get("choice", ""))
    if choice is None:
        raise NotPossible(_("Choose one of the buttons."))
    demand_entitlement(actor, declaration, choice.verb)
    version = posted_version(posted)
    typed = posted.get("text", "").strip() or posted.get("ready", "")
    data = {**posted, **({choice.text: typed} if choice.text else {}), **choice.values}
    verb = VERBS[choice.verb]
    form = verb.form(data, request.FILES, declaration=declaration, actor=actor)
    if not form.is_valid():
        # What cannot be done any more is not worth correcting.
        refuse_impossible(declaration, choice.verb)
        raise Invalid({name: [str(one) for one in found] for name, found in form.errors.items()})
    verb.action(declaration.pk, version=version, actor=actor, **form.values())
    return choice
