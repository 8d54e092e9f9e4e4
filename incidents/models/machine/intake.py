"""From the first call to the accepted declaration (clauses 5.3 and 5.4.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import guards as g
from incidents.models.choices import OPEN_STATES, Capacity, State
from incidents.models.moves import Moves, move

S, C = State, Capacity


class IntakeMoves(Moves):
    @move("T1", clause="5.4.1", label=_("Relay to the desk"), source=S.NEW, target=S.RELAYED, by=[C.STAFF])
    def relay(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T2 T3",
        clause="5.4.1",
        label=_("Accept"),
        source=[S.NEW, S.RELAYED],
        target=S.ACCEPTED,
        by=[C.DESK, C.INTAKE],
    )
    def accept(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.3-3", clause="5.3", label=_("Join a repeated alarm"), source=OPEN_STATES, by=[C.INTAKE, C.DESK], rare=True
    )
    def join_alarm(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-3-2",
        clause="5.4.3",
        label=_("Record the first response"),
        source=OPEN_STATES - {S.RESOLVED},
        by=[C.DESK, C.HANDLER, C.RELAYER],
        guards=[g.NOT_RESPONDED],
    )
    def respond(self, **values: Any) -> None:
        self.set(**values)
