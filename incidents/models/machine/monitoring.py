"""Waiting, keeping the customer informed, warning, explaining a miss (clause 5.4.6)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import guards as g
from incidents.models.choices import DESK_OR_HANDLER, OPEN_STATES, WORKING_STATES, Capacity, State
from incidents.models.moves import Moves, move

S, C = State, Capacity


class MonitoringMoves(Moves):
    @move(
        "T17",
        clause="5.4.6",
        label=_("Wait for the customer"),
        source=S.IN_PROGRESS,
        target=S.WAITING_CUSTOMER,
        by=[C.HANDLER],
        basis="reading",
        rare=True,
    )
    def wait(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T17",
        clause="5.4.6",
        label=_("Go on handling"),
        source=S.WAITING_CUSTOMER,
        target=S.IN_PROGRESS,
        by=[C.HANDLER],
        basis="reading",
    )
    def resume(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.6-1",
        clause="5.4.6",
        label=_("Update the customer"),
        source=OPEN_STATES - {S.RELAYED},
        by=DESK_OR_HANDLER,
    )
    def communicate(self, **values: Any) -> None:
        self.set(**values)

    @move("R-5.4.6-4", clause="5.4.6", label=_("Warn"), source=WORKING_STATES, by=DESK_OR_HANDLER)
    def warn(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.6-5",
        clause="5.4.6",
        label=_("State the cause of the miss"),
        source=[*WORKING_STATES, S.RESOLVED],
        by=DESK_OR_HANDLER,
        guards=[g.LATE],
        basis="reading",
    )
    def state_breach_reason(self, **values: Any) -> None:
        self.set(**values)
