"""Every write of escalation: requests and their decisions, problems, warnings, and what ends a request with its
incident."""

from escalation.actions.acknowledging import acknowledge_warnings
from escalation.actions.agreements import watch_agreements
from escalation.actions.deadlines import apply_deadlines, begin_recount, carry_on, carry_on_recounts
from escalation.actions.decisions import countersign, decide_escalation
from escalation.actions.problems import acknowledge_problem
from escalation.actions.repairs import repair_clock
from escalation.actions.requests import change_type, request_escalation, withdraw
from escalation.actions.sweep import sweep
from escalation.actions.trends import learn_trend
from escalation.actions.warnings import warn

__all__ = [
    "acknowledge_problem",
    "acknowledge_warnings",
    "apply_deadlines",
    "begin_recount",
    "carry_on",
    "carry_on_recounts",
    "change_type",
    "countersign",
    "decide_escalation",
    "learn_trend",
    "repair_clock",
    "request_escalation",
    "sweep",
    "warn",
    "watch_agreements",
    "withdraw",
]
