"""Valid or not, in scope or not, and of which type (clause 5.4.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import guards as g
from incidents.models.choices import DESK_OR_HANDLER, OPEN_STATES, Capacity, State
from incidents.models.moves import Moves, move

S, C = State, Capacity


class ScreeningMoves(Moves):
    @move(
        "T4",
        clause="5.4.2",
        label=_("End as invalid"),
        source=S.ACCEPTED,
        target=S.INVALID,
        by=[C.DESK],
        guards=[g.RESPONDED],
    )
    def screen_as_invalid(self, **values: Any) -> None:
        self.set(**values)

    @move("T5", clause="5.4.2", label=_("Screen as incident"), source=S.ACCEPTED, target=S.SCREENED, by=[C.DESK])
    def screen_as_incident(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T6",
        clause="5.4.2",
        label=_("Screen as service request"),
        source=S.ACCEPTED,
        target=S.REQUEST_REVIEW,
        by=[C.DESK],
        guards=[g.RESPONDED],
    )
    def screen_as_request(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T10",
        clause="5.4.2",
        label=_("Hand over"),
        source=S.ACCEPTED,
        target=S.HANDED_OVER,
        by=[C.DESK],
        guards=[g.RESPONDED],
    )
    def hand_over(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "A-19",
        clause="5.4.2",
        label=_("Record information security apart"),
        source=[S.SCREENED, S.CLASSIFIED, S.IN_PROGRESS, S.WAITING_CUSTOMER, S.RESOLVED],
        by=[C.DESK],
        guards=[g.IS_INCIDENT, g.NO_TWIN],
        basis="reading",
        rare=True,
    )
    def record_security_twin(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.2-2",
        clause="5.4.2",
        label=_("Tie to a contact"),
        source=OPEN_STATES,
        by=DESK_OR_HANDLER,
        guards=[g.CUSTOMER_CHOSEN],
        basis="added",
        rare=True,
    )
    def tie_contact(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "R-5.4.2-2",
        clause="5.4.2",
        label=_("Add the caller to the contacts"),
        source=OPEN_STATES,
        by=[C.DESK],
        guards=[g.CUSTOMER_CHOSEN, g.CALLER_UNREGISTERED, g.CALLER_TYPED],
        basis="added",
        rare=True,
    )
    def enter_caller(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T27",
        clause="5.4.2",
        label=_("Correct the type"),
        source=[
            S.ACCEPTED,
            S.SCREENED,
            S.CLASSIFIED,
            S.IN_PROGRESS,
            S.WAITING_CUSTOMER,
            S.REQUEST_REVIEW,
            S.REQUEST_IN_PROGRESS,
            S.RESOLVED,
        ],
        target=S.ACCEPTED,
        by=[C.DESK],
        guards=g.NO_REQUIRED_ESCALATION_OPEN,
        basis="reading",
        rare=True,
    )
    def change_type(self, **values: Any) -> None:
        self.set(**values)
