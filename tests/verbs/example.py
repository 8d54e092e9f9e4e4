"""What is said of a verb for the tests, once: who may do it in which states, and an example of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime

from base.clock import now, set_clock
from incidents import actions
from incidents.models import Declaration
from tests.firm import BANK_A, BANK_B, BANK_C, HAN_BANK_C, LIU_DESK, SHEN_BANK_A, TANG_BANK_B, WANG_DESK, staff
from tests.scenes import Scene

WORKING = "classified in_progress waiting_customer"
OPEN = (
    "relayed accepted screened request_review request_in_progress handed_over handover_received "
    "classified in_progress waiting_customer resolved"
)
AFTER_RELAY = OPEN.replace("relayed ", "")
PARTY = {
    "customer": BANK_B,
    "contract": "DEMO-HT-2026-002",
    "contact": TANG_BANK_B,
    "contact_means": "13900002001",
    "is_customer": "true",
    "contract_in_force": "true",
    "service_in_contract": "true",
}
SCAN = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
# Customers whose contract has notes to confirm; all others take the second bank.
WITH_NOTES = Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
NOTED = Scene(customer=BANK_C, desk=LIU_DESK, contact=HAN_BANK_C)

Values = Callable[[Scene], dict[str, Any]]


def _nothing(_scene: Scene) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Use:
    """A legal use of a verb on the record that `made` makes, by who plays `by` in the scene, or by that number.

    It is done `later` than the record was made, by the action of the verb unless one is given that returns the record.
    """

    made: Callable[[Scene], Declaration]
    values: Values = _nothing
    by: str = "desk"
    later: timedelta = timedelta()
    action: Callable[..., Any] | None = None

    def actor(self, scene: Scene) -> str:
        return str(getattr(scene, self.by, self.by))

    def on(self, scene: Scene, declaration: Declaration) -> Declaration:
        assert self.action is not None
        with set_clock(now() + self.later):
            return scene.do(self.action, declaration, self.actor(scene), **self.values(scene))


@dataclass(frozen=True)
class Filled:
    """The form of a verb, filled in: by whom, on which record, and the state afterwards, None for the same."""

    by: str
    made: Callable[[], Declaration]
    values: Callable[[], dict[str, Any]]
    state: str | None


@dataclass(frozen=True)
class Example:
    """A row of the table: who may do it and in which states, written by hand against the procedure; its examples.

    A verb that takes several moves has no right of its own, and a move without a page no form.
    """

    who: str
    states: str
    use: Use | None = None
    form: Filled | None = None


def fixed(**values: Any) -> Values:
    return lambda _scene: values


def moment(**back: float) -> str:
    return f"{localtime(now() - timedelta(**back)):%Y-%m-%dT%H:%M}"


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("确认函.pdf", SCAN, "application/pdf")


def unanswered() -> Declaration:
    """Accepted from a mail, so that nobody has spoken to the customer."""
    scene = Scene()
    return actions.accept(scene.call(channel="email"), actor=staff(scene.desk))


def visited() -> Declaration:
    """An incident on whose site somebody still is."""
    scene, arrival = Scene(), now() - timedelta(hours=2)
    there = {"who": ["刘思远"], "place": "清分中心", "arrival": arrival}
    return scene.do(actions.record_visit, scene.in_progress(), LIU_DESK, **there)


def reported() -> Declaration:
    scene = Scene()
    return scene.do(actions.report_up, scene.in_progress(), scene.desk, reason="须出面", desk_cannot_solve=True)


def late() -> Declaration:
    """An incident whose time ran out on the day before."""
    scene = Scene()
    declaration = scene.accepted(received_at=now() - timedelta(hours=30))
    declaration = scene.do(actions.screen_as_incident, declaration, scene.desk, **scene.party())
    grading = actions.Grading("BIZ-01", "severe", "high", basis="停办")
    return scene.do(actions.classify, declaration, scene.desk, grading=grading)
