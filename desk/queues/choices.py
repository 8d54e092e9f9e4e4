"""What pressing a button under an item of a queue does, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from accounts.requests import DeskRequest
from incidents.access import require_possible
from incidents.actions import require_entitled_recorded
from incidents.models import Declaration
from incidents.verbs import Verb, VerbButton
from ledger.exceptions import Invalid, NotPossible, Refused
from ledger.forms import posted_version
from record_form.verbs import VERBS


def _worded(choice: VerbButton) -> VerbButton:
    verb = VERBS[choice.verb]
    return replace(choice, label=choice.label or verb.button, done=choice.done or verb.done)


# The buttons of each verb, all with their words.
CHOICES = {verb.name: tuple(_worded(choice) for choice in verb.choices) for verb in VERBS.values() if verb.choices}
BY_KEY: Mapping[str, VerbButton] = {choice.key: choice for choices in CHOICES.values() for choice in choices}


def done_with(verb: Verb, posted: Mapping[str, str]) -> str:
    """What is said after a verb that was carried out with these values, as the button for them says it."""
    fits = (each for each in CHOICES.get(verb.name, ()) if all(posted.get(k) == v for k, v in each.values.items()))
    choice = next((each for each in fits if each.verb == verb.name), None)
    return str(choice.done if choice else verb.done)


def attempted(request: DeskRequest, declaration: Declaration) -> VerbButton | Refused:
    """What was pressed and is done, which a message says, or why it is not; then nothing has changed."""
    try:
        choice = carry_out(request, declaration)
    except Refused as refused:
        return refused
    messages.success(request, f"{declaration.number} · {choice.done}")
    return choice


def carry_out(request: DeskRequest, declaration: Declaration) -> VerbButton:
    """Do what was pressed, with what was typed; raises Invalid and every other refusal of form and action."""
    actor = request.actor
    posted = request.POST.dict()
    choice = BY_KEY.get(posted.get("choice", ""))
    if choice is None:
        raise NotPossible(_("Choose one of the buttons."))
    require_entitled_recorded(actor, declaration, choice.verb)
    version = posted_version(posted)
    typed = posted.get("text", "").strip() or posted.get("ready", "")
    data = {**posted, **({choice.text: typed} if choice.text else {}), **choice.values}
    verb = VERBS[choice.verb]
    form = verb.form(data, request.FILES, declaration=declaration, actor=actor)
    if not form.is_valid():
        # What cannot be done any more is not worth correcting.
        require_possible(declaration, choice.verb)
        raise Invalid({name: [str(one) for one in found] for name, found in form.errors.items()})
    verb.action(declaration.pk, version=version, actor=actor, **form.values())
    return choice
