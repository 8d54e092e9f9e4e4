"""The state machine clause by clause: T1 to T27, E1 to E3 and the verbs beside them.

Each file holds the moves of one clause; what their guards ask stands in `incidents.models.guards`.
"""

from __future__ import annotations

from functools import cache

from django_fsm import Transition

from incidents.models.machine.classification import ClassificationMoves
from incidents.models.machine.completion import CompletionMoves
from incidents.models.machine.corrections import CorrectionMoves
from incidents.models.machine.escalation import EscalationMoves
from incidents.models.machine.handling import HandlingMoves
from incidents.models.machine.intake import IntakeMoves
from incidents.models.machine.monitoring import MonitoringMoves
from incidents.models.machine.receiving import ReceivingMoves
from incidents.models.machine.screening import ScreeningMoves
from incidents.models.moves import Move


class Machine(
    IntakeMoves,
    ScreeningMoves,
    ReceivingMoves,
    ClassificationMoves,
    HandlingMoves,
    MonitoringMoves,
    EscalationMoves,
    CompletionMoves,
    CorrectionMoves,
):
    """Every move of a declaration, in the order of the procedure."""


@cache
def transitions() -> dict[str, Transition]:
    """A transition of each verb, in the order of the procedure; those from its other sources differ in nothing else."""
    methods = [value for part in Machine.__bases__ for value in vars(part).values() if hasattr(value, "_django_fsm")]
    return {method.__name__: next(iter(method._django_fsm.transitions.values())) for method in methods}


@cache
def moves() -> dict[str, Move]:
    """Every move of the machine by its verb, in the order of the procedure; pages, API, figure and tests read this."""
    return {verb: transition.custom["move"] for verb, transition in transitions().items()}
