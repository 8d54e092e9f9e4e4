"""Every write of escalation: requests and their decisions, problems, warnings."""

from escalation.actions.requests import acknowledge_problem, countersign, decide_escalation, request_escalation
from escalation.actions.sweep import sweep
from escalation.actions.warnings import check_clock, warn

__all__ = [
    "acknowledge_problem",
    "check_clock",
    "countersign",
    "decide_escalation",
    "request_escalation",
    "sweep",
    "warn",
]
