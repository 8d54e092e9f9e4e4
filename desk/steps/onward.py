"""Where a step leads: to the next one of the same record while it is the reader's, so that nobody looks for it."""

from __future__ import annotations

from django.urls import reverse

from accounts.actors import Actor
from desk.next_step import is_answer_awaited, next_verb
from desk.step_address import step_address
from incidents.access import next_steps
from incidents.models import Declaration
from incidents.verbs import Verb
from record_form.verbs import SCREENING, STEPS


def address(actor: Actor, before: Declaration, after: Declaration, verb: Verb, *, wanted: str = "") -> str:
    """The page to go on with once `verb` has made `after` out of `before`; no statement.

    Whoever took the record's next step is led to the one after it, unless that is pressed on the record itself or waits
    for what somebody else will say. Whoever did something between goes back to the record. `wanted` names a step that
    was asked for beforehand.
    """
    record = reverse("record", args=[after.number])
    steps = next_steps(actor, after)
    if any(step.verb == _first_move(wanted) and step.possible for step in steps):
        return step_address(after.number, wanted)
    if before.pk != after.pk or not _was_next(actor, before, verb):
        return record
    following = next_verb(after, steps)
    # What was just done is not asked for at once again.
    if following is None or following.verb == verb.name or not _opens_by_itself(following.verb):
        return record
    return step_address(after.number, following.verb)


def _first_move(wanted: str) -> str:
    return (STEPS[wanted].opens or wanted) if wanted in STEPS else ""


def _was_next(actor: Actor, before: Declaration, verb: Verb) -> bool:
    due = next_verb(before, next_steps(actor, before))
    return due is not None and (due.verb == (verb.opens or verb.name) or {due.verb, verb.name} <= {*SCREENING})


def _opens_by_itself(verb: str) -> bool:
    step = STEPS[verb]
    return not (step.at_once or is_answer_awaited(verb))
