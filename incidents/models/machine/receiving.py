"""Service requests and hand-overs: what those do who receive it from the desk (clause 5.4.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from incidents.models import guards as g
from incidents.models.choices import Capacity, HandoverKind, State
from incidents.models.moves import Moves, move

S, C = State, Capacity


class ReceivingMoves(Moves):
    @move(
        "R-5.4.2-5",
        clause="5.4.2",
        label=_("Give an opinion"),
        source=S.REQUEST_REVIEW,
        by=[C.HEAD, C.RISK_CONTROL],
    )
    def give_opinion(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T7",
        clause="5.4.2",
        label=_("Accept the request"),
        source=S.REQUEST_REVIEW,
        target=S.REQUEST_IN_PROGRESS,
        by=[C.HEAD],
        guards=[g.BOTH_OPINIONS, g.HEAD_AGREES],
        basis="reading",
    )
    def accept_request(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T8",
        clause="5.4.2",
        label=_("Decline the request"),
        source=S.REQUEST_REVIEW,
        target=S.REQUEST_DECLINED,
        by=[C.HEAD],
        guards=[g.RISK_CONTROL_OPINION, g.RESPONDED, g.CUSTOMER_TOLD],
        basis="reading",
    )
    def decline_request(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T9",
        clause="5.4.2",
        label=_("Complete the request"),
        source=S.REQUEST_IN_PROGRESS,
        target=S.REQUEST_DONE,
        by=[C.HEAD],
        guards=[g.CUSTOMER_ANSWERED],
        basis="reading",
    )
    def complete_request(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T11",
        clause="5.4.2",
        label=_("Sign for receipt"),
        source=S.HANDED_OVER,
        target=RETURN_VALUE(S.HANDOVER_RECEIVED, S.HANDOVER_DONE),
        by=[C.RECEIVER],
        basis="reading",
    )
    def receive_handover(self, *, kind: str, **values: Any) -> str:
        """For sales the receipt already completes the hand-over (A-20)."""
        self.set(**values)
        return S.HANDOVER_DONE if kind == HandoverKind.SALES else S.HANDOVER_RECEIVED

    @move(
        "T12",
        clause="5.4.2",
        label=_("Return to the desk"),
        source=S.HANDED_OVER,
        target=S.ACCEPTED,
        by=[C.RECEIVER],
        basis="reading",
        rare=True,
    )
    def return_handover(self, **values: Any) -> None:
        self.set(**values)

    @move(
        "T13",
        clause="5.4.2",
        label=_("Complete the hand-over"),
        source=S.HANDOVER_RECEIVED,
        target=S.HANDOVER_DONE,
        by=[C.RECEIVER],
        basis="reading",
    )
    def complete_handover(self, **values: Any) -> None:
        self.set(**values)
