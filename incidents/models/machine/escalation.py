"""Escalation to a problem (clause 5.4.5); the objects themselves belong to the escalation package."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import guards as g
from incidents.models.choices import WORKING_STATES, Capacity, State
from incidents.models.moves import Moves, move

S, C = State, Capacity


class EscalationMoves(Moves):
    @move(
        "E1",
        clause="5.4.5",
        label=_("Request the escalation"),
        source=[*WORKING_STATES, S.RESOLVED],
        by=[C.DESK],
        guards=[g.MAY_REQUEST_ESCALATION],
    )
    def request_escalation(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "E2",
        clause="5.4.5",
        label=_("Decide on the escalation"),
        source=[*WORKING_STATES, S.RESOLVED],
        by=[C.HEAD, C.NEXT_LEVEL],
        guards=[g.DECISION_DUE],
    )
    def decide_escalation(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "E3",
        clause="5.4.5",
        label=_("Countersign"),
        source=[*WORKING_STATES, S.RESOLVED],
        by=[C.RISK_CONTROL],
        guards=[g.COUNTERSIGNATURE_DUE],
        basis="reading",
    )
    def countersign(self, **values: Any) -> None:
        self.set(**values)
