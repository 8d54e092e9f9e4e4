"""The verbs of a declaration as pages and interface offer them, each declared once beside its kin."""

from incidents.verbs import (
    classification,
    communication,
    completion,
    corrections,
    handling,
    intake,
    receiving,
    reporting,
    screening,
)
from incidents.verbs.verb import Party, Prompt, Queue, Verb, VerbButton, by_name

VERBS = by_name(
    intake.VERBS,
    screening.VERBS,
    receiving.VERBS,
    classification.VERBS,
    handling.VERBS,
    reporting.VERBS,
    communication.VERBS,
    completion.VERBS,
    corrections.VERBS,
)

__all__ = ["VERBS", "Party", "Prompt", "Queue", "Verb", "VerbButton", "by_name"]
