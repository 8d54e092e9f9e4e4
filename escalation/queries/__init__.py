"""Which clocks and warnings wait for the sweep; who decides, who is told of what; which problems somebody may see."""

from escalation.queries.answers import addressed_to, unanswered_for
from escalation.queries.clocks import crossed_thresholds, next_check, owners_of, quiet_until
from escalation.queries.deciders import deciders
from escalation.queries.moves import Moving, Page, headed, moves_of, moving, recount, unfinished_recount
from escalation.queries.problems import problems
from escalation.queries.recipients import Told, reminder_recipients, threshold_recipients
from escalation.queries.replays import Replayed, replayed_clocks

__all__ = [
    "Moving",
    "Page",
    "Replayed",
    "Told",
    "addressed_to",
    "crossed_thresholds",
    "deciders",
    "headed",
    "moves_of",
    "moving",
    "next_check",
    "owners_of",
    "problems",
    "quiet_until",
    "recount",
    "reminder_recipients",
    "replayed_clocks",
    "threshold_recipients",
    "unanswered_for",
    "unfinished_recount",
]
