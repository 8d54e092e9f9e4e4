"""The records that are copied, each played through the actions, and how frequent their likes are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from audit.actions import review_at_once
from audit.queries import REVIEWED_CLAUSES
from base.clock import now, set_clock
from escalation.actions import acknowledge_problem, sweep
from escalation.models import Problem
from incidents import actions
from incidents.models import Declaration
from ledger.queries import head
from record_form import actions as record_form
from tests import scenes
from tests.firm import (
    BANK_B,
    CHEN_HEAD,
    DU_TELECOM_F,
    FENG_AUDITOR,
    INSURER_D,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    TANG_BANK_B,
    TELECOM_F,
    XIE_INSURER_D,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
    staff,
)

# On Monday at ten o'clock begins what is open, a week before what is over; the pages are asked for in the afternoon.
NOW = scenes.MONDAY + timedelta(hours=4)
WEEK = timedelta(weeks=1)
BETWEEN_STEPS = timedelta(minutes=2)
LATE = timedelta(days=3)
Party: TypeAlias = tuple[str, str, str, str, str, str]
PARTIES: tuple[Party, ...] = (
    (BANK_B, LIU_DESK, CHEN_HEAD, ZHENG_CUSTODIAN, TANG_BANK_B, XU_SALES),
    (TELECOM_F, ZHAO_DESK, LIN_HEAD, SUN_DESK, DU_TELECOM_F, XU_SALES),
    (INSURER_D, ZHAO_DESK, LIN_HEAD, SUN_DESK, XIE_INSURER_D, XU_SALES),
)


class Play(scenes.Scene):
    """A scene in which every step takes its time."""

    def do(self, action: Callable[..., Any], declaration: Declaration, by: str, **values: Any) -> Declaration:
        """The next step, some minutes after the one before it."""
        last = head(declaration.stream)
        assert last is not None
        with set_clock(max(now(), last.at + BETWEEN_STEPS)):
            return super().do(action, declaration, by, **values)

    def relayed(self) -> Declaration:
        return actions.relay(self.call(), actor=staff(self.custodian))

    def filed(self) -> Declaration:
        return self._filed(self.closed())

    def late(self) -> Declaration:
        """Warned of in vain, solved days later, filed, and reviewed for it."""
        declaration = self.handled("moderate", "high")
        with set_clock(now() + LATE):
            sweep()
            solved = self.do(actions.resolve, declaration, self.desk, **self.solution())
            explained = self.do(actions.state_breach_reason, solved, self.desk, reason="外部厂商延误")
            return self._reviewed(self._finished(explained))

    def problem(self) -> Declaration:
        """Escalated, become a problem, solved in time, filed, and reviewed."""
        declaration = self.countersigned()
        problem = Problem.objects.get(declaration=declaration)
        with set_clock(now() + timedelta(hours=1)):
            acknowledge_problem(problem.pk, version=None, actor=staff(ZHOU_HEAD), reference="PM-1")
        solved = self.do(actions.resolve, declaration, self.desk, **self.solution())
        return self._reviewed(self._finished(solved))

    def reported(self) -> Declaration:
        """A report waits for the head."""
        values = {"reason": "须协调外部厂商", "desk_cannot_solve": True}
        return self.do(actions.report_up, self.handled(), self.desk, **values)

    def answered(self) -> Declaration:
        """A report to the head was answered; solved and filed."""
        declaration = self.do(actions.answer_report, self.reported(), self.head, answer="已联系厂商")
        solved = self.do(actions.resolve, declaration, self.desk, **self.solution())
        return self._finished(solved)

    def _finished(self, solved: Declaration) -> Declaration:
        confirmed = self.do(
            actions.confirm, solved, self.desk, contact=self.solution()["told_to"], way="phone", satisfaction=4
        )
        return self._filed(self.do(actions.close, confirmed, self.desk))

    def _filed(self, closed: Declaration) -> Declaration:
        return self.do(record_form.file, closed, self.custodian, paper_place="一部档案柜 A-01")

    def _reviewed(self, filed: Declaration) -> Declaration:
        met = [{"clause": clause, "conclusion": "met"} for clause in REVIEWED_CLAUSES]
        with set_clock(now() + timedelta(hours=1)):
            review_at_once(filed.pk, actor=staff(FENG_AUDITOR), reasons=["breached"], conclusions=met, findings=[])
        return filed


# Of a thousand records that are over, so many are of the kind.
OVER: dict[str, int] = {
    "filed": 845,
    "late": 30,
    "problem": 20,
    "answered": 15,
    "invalid": 40,
    "request_done": 15,
    "request_declined": 5,
    "handover_done": 20,
    "withdrawn": 10,
}
# What each desk has before it, whatever the number of records.
OPEN: dict[str, int] = {
    "relayed": 1,
    "accepted": 4,
    "screened": 3,
    "looked_up": 3,
    "handled": 15,
    "waiting": 4,
    "confirmed": 5,
    "closed": 6,
    "request_review": 2,
    "request_in_progress": 2,
    "handed_over": 2,
    "handover_received": 2,
    "reported": 2,
    "requested": 2,
    "decided": 2,
}


@dataclass(frozen=True)
class Played:
    """A record, how many copies of it a desk of that many records has, and whether it is over."""

    declaration: Declaration
    kind: str
    share: float
    is_over: bool


def play(
    parties: Sequence[Party] = PARTIES, over: Mapping[str, int] = OVER, going_on: Mapping[str, int] = OPEN
) -> Iterator[Played]:
    """Every kind of record once for each party; what is late first, before anybody sweeps again."""
    for party in parties:
        for kind, share in sorted(over.items(), key=lambda pair: pair[0] != "late"):
            with set_clock(scenes.MONDAY - WEEK):
                yield Played(getattr(Play(*party), kind)(), kind, share / len(parties), is_over=True)
    for party in parties:
        for kind, share in going_on.items():
            with set_clock(scenes.MONDAY):
                yield Played(getattr(Play(*party), kind)(), kind, share, is_over=False)
