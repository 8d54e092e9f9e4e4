"""From the contract's notes to the report to the head (clause 5.4.4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import guards as g
from incidents.models.choices import DESK_OR_HANDLER, WORKING_STATES, Capacity, State
from incidents.models.moves import Moves, move

S, C = State, Capacity


class HandlingMoves(Moves):
    @move(
        "R-5.4.4-1",
        clause="5.4.4",
        label=_("Confirm the contract's notes"),
        source=WORKING_STATES,
        by=DESK_OR_HANDLER,
        guards=[g.NOTES_OPEN],
    )
    def confirm_contract_notes(self, **values: Any) -> None:
        self.set(**values)

    @move("R-5.4.4-2", clause="5.4.4", label=_("Consult the knowledge base"), source=WORKING_STATES, by=DESK_OR_HANDLER)
    def look_up(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T15",
        clause="5.4.4",
        label=_("Start handling"),
        source=S.CLASSIFIED,
        target=S.IN_PROGRESS,
        by=[C.HANDLER],
        guards=[g.NOTES_CONFIRMED, g.LOOKED_UP],
    )
    def start(self, **values: Any) -> None:
        self.set(**values)

    @move("R-5.4.4-6", clause="5.4.4", label=_("Write the plan"), source=WORKING_STATES, by=DESK_OR_HANDLER)
    def write_plan(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.4-4",
        clause="5.4.4",
        label=_("Record a handling step"),
        source=[S.IN_PROGRESS, S.WAITING_CUSTOMER],
        by=DESK_OR_HANDLER,
    )
    def log_handling(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.4-6",
        clause="5.4.4",
        label=_("Record a visit"),
        source=[S.IN_PROGRESS, S.WAITING_CUSTOMER, S.RESOLVED],
        by=DESK_OR_HANDLER,
        rare=True,
    )
    def record_visit(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.4-6",
        clause="5.4.4",
        label=_("Record the departure"),
        source=[S.IN_PROGRESS, S.WAITING_CUSTOMER, S.RESOLVED],
        by=DESK_OR_HANDLER,
        guards=[g.VISIT_OPEN],
    )
    def record_departure(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T16",
        clause="5.4.4",
        label=_("Report to the head"),
        source=[S.CLASSIFIED, S.IN_PROGRESS],
        by=[C.DESK],
        rare=True,
    )
    def report_up(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T16",
        clause="5.4.4",
        label=_("Answer the report"),
        source=[S.CLASSIFIED, S.IN_PROGRESS],
        by=[C.HEAD],
        guards=[g.REPORT_OPEN],
    )
    def answer_report(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T16",
        clause="5.4.4",
        label=_("Take over"),
        source=[S.CLASSIFIED, S.IN_PROGRESS],
        by=[C.HEAD],
        guards=[g.REPORTED_OR_LEVEL_1],
    )
    def take_over(self, **values: Any) -> None:
        self.set(**values)
