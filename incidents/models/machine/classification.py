"""Category, level, time allowed and handler (clauses 5.4.3 and 5.4.4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models.choices import WORKING_STATES, Capacity, State
from incidents.models.moves import Moves, move

S, C = State, Capacity


class ClassificationMoves(Moves):
    @move("T14", clause="5.4.3", label=_("Classify"), source=S.SCREENED, target=S.CLASSIFIED, by=[C.DESK])
    def classify(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T18",
        clause="5.4.3",
        label=_("Reclassify"),
        source=WORKING_STATES,
        by=[C.DESK, C.HEAD],
        basis="reading",
        rare=True,
    )
    def reclassify(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T18",
        clause="5.4.4",
        label=_("Reassign"),
        source=[*WORKING_STATES, S.SCREENED],
        by=[C.DESK, C.HEAD],
        basis="reading",
        rare=True,
    )
    def reassign(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T18",
        clause="5.4.4",
        label=_("Take over from a colleague"),
        source=WORKING_STATES,
        by=[C.COLLEAGUE],
        basis="added",
        rare=True,
    )
    def take_on(self, **values: Any) -> None:
        self.set(**values)
