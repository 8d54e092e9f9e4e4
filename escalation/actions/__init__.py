"""Every write of escalation: requests and their decisions, problems, warnings."""

from escalation.actions.acknowledging import acknowledge_warnings
from escalation.actions.requests import acknowledge_problem, countersign, decide_escalation, request_escalation
from escalation.actions.sweep import sweep
from escalation.actions.warnings import warn

__all__ = [
    "acknowledge_problem",
    "acknowledge_warnings",
    "countersign",
    "decide_escalation",
    "request_escalation",
    "sweep",
    "warn",
]
