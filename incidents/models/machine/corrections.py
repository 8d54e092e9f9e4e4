"""What was typed wrong or twice, put right without a trace being lost."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models.choices import DESK_OR_HANDLER, OPEN_STATES, Capacity
from incidents.models.moves import Moves, move


class CorrectionMoves(Moves):
    @move(
        "R-5.4.1-2",
        clause="5.4.1",
        label=_("Correct what was typed"),
        source=OPEN_STATES,
        by=[Capacity.DESK, Capacity.HEAD],
        basis="added",
        rare=True,
    )
    def correct(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.4-8",
        clause="5.4.4",
        label=_("Strike out an entry"),
        source=OPEN_STATES,
        by=DESK_OR_HANDLER,
        basis="added",
        rare=True,
    )
    def strike_out(self, **values: Any) -> None:
        self.set(**values)
