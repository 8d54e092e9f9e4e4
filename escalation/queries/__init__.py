"""Which clocks and warnings wait for the sweep; who decides, who is told of what; which problems somebody may see."""

from escalation.queries.answers import (
    addressed_to,
    count_unanswered,
    unacknowledged_by,
    unanswered_for,
    unanswered_told,
)
from escalation.queries.backtests import HeldOut, held_out_months
from escalation.queries.clocks import likely_since, next_check, owners_of, quiet_until
from escalation.queries.deciders import deciders, requesters_of
from escalation.queries.moves import Moving, MovingPage, headed, moves_of, moving, recount, unfinished_recount
from escalation.queries.problems import incidents_of, problem_to_read, problems, unsigned_problem
from escalation.queries.recipients import Told, reminder_recipients, threshold_recipients
from escalation.queries.trends import decided_between, expecting_otherwise, experiences_at, open_kinds

__all__ = [
    "HeldOut",
    "Moving",
    "MovingPage",
    "Told",
    "addressed_to",
    "count_unanswered",
    "decided_between",
    "deciders",
    "expecting_otherwise",
    "experiences_at",
    "headed",
    "held_out_months",
    "incidents_of",
    "likely_since",
    "moves_of",
    "moving",
    "next_check",
    "open_kinds",
    "owners_of",
    "problem_to_read",
    "problems",
    "quiet_until",
    "recount",
    "reminder_recipients",
    "requesters_of",
    "threshold_recipients",
    "unacknowledged_by",
    "unanswered_for",
    "unanswered_told",
    "unfinished_recount",
    "unsigned_problem",
]
