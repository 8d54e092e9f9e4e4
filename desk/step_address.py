"""Where a step is taken: each has one page, whether one comes from the desk, the record, the menu or the bell."""

from __future__ import annotations

from django.urls import reverse

from record_form.verbs import STEPS

# The page of one record in the queue in which the verb is worked through.
QUEUE_PAGES = {"decisions": "decision", "handovers": "handover", "filing": "filing-record"}


def press_address(number: str, verb: str) -> str:
    """Where `verb` is carried out by the press of a button; that of a verb which has nothing to fill in."""
    return reverse("record-step", args=[number, verb])


def step_address(number: str, verb: str) -> str:
    """The page on which `verb` is taken for the record `number`: in its queue where it has one, else with its form."""
    queue = STEPS[verb].queue
    return reverse(QUEUE_PAGES[queue], args=[number]) if queue else press_address(number, verb)
