"""Solution, confirmation, closing, filing, and the ways back (clause 5.4.7)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.models import guards as g
from incidents.models.choices import DESK_OR_HANDLER, OPEN_STATES, Capacity, State
from incidents.models.moves import Moves, move

S, C = State, Capacity


class CompletionMoves(Moves):
    @move(
        "T19",
        clause="5.4.4",
        label=_("Resolve"),
        source=[S.IN_PROGRESS, S.WAITING_CUSTOMER],
        target=S.RESOLVED,
        by=DESK_OR_HANDLER,
        guards=[g.RESPONDED, g.PLANNED, g.HANDLED],
    )
    def resolve(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T20",
        clause="5.4.4",
        label=_("Solve at once"),
        source=S.CLASSIFIED,
        target=S.RESOLVED,
        by=[C.DESK],
        guards=[g.MINOR, g.NOTES_CONFIRMED, g.LOOKED_UP, g.RESPONDED],
    )
    def quick_solve(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.7-2",
        clause="5.4.7",
        label=_("Record the customer's confirmation"),
        source=S.RESOLVED,
        by=[C.DESK, C.CONTACT],
        basis="reading",
    )
    def confirm(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T22",
        clause="5.4.7",
        label=_("Not solved: go on"),
        source=S.RESOLVED,
        target=S.IN_PROGRESS,
        by=[C.DESK, C.CONTACT],
        basis="reading",
        rare=True,
    )
    def reject(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T21",
        clause="5.4.7",
        label=pgettext_lazy("verb", "Close"),
        source=S.RESOLVED,
        target=S.CLOSED,
        by=[C.DESK],
        guards=[
            g.CONFIRMED,
            g.CONFIRMED_BY_RIGHT,
            g.CONFIRMED_IN_WRITING,
            g.COMMUNICATED,
            *g.ESCALATION_SETTLED,
            g.BREACH_EXPLAINED,
        ],
    )
    def close(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T23",
        clause="5.4.7",
        label=_("Reopen"),
        source=S.CLOSED,
        target=S.IN_PROGRESS,
        by=[C.DESK],
        guards=[g.MAY_REOPEN],
        basis="added",
        rare=True,
    )
    def reopen(self, **values: Any) -> None:
        self.set(**values)

    @move("T24", clause="5.4.7", label=pgettext_lazy("verb", "File"), source=S.CLOSED, target=S.FILED, by=[C.CUSTODIAN])
    def file(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T25",
        clause="5.4.7",
        label=_("Send back for completion"),
        source=S.CLOSED,
        target=S.CLOSED,
        by=[C.CUSTODIAN],
        basis="reading",
    )
    def return_for_completion(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.7-4",
        clause="5.4.7",
        label=_("Add an annex"),
        source=[S.CLOSED, S.FILED],
        by=[C.DESK, C.CUSTODIAN],
        basis="reading",
        rare=True,
    )
    def add_annex(self) -> None:
        """An annex stands beside the record and changes nothing on it."""

    @move(
        "T26",
        clause="5.4.7",
        label=_("Withdrawn by the customer"),
        source=OPEN_STATES - {S.RELAYED},
        target=S.WITHDRAWN,
        by=[C.DESK],
        guards=g.NO_REQUIRED_ESCALATION_OPEN,
        basis="reading",
        rare=True,
    )
    def withdraw(self, **values: Any) -> None:
        self.set(**values)
