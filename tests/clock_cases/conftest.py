"""A customer whose contract counts by the calendar of the cases, lets clocks stand, and a desk to look at it from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM
from api.base import Rate
from base.clock import now, set_clock
from escalation import actions as escalation
from incidents.models import Declaration
from notifications.actions import deliver_due
from notifications.models import Notification
from sla.actions import create_calendar
from sla.models import Contract, ContractTarget
from tests import scenes
from tests.firm import BANK_B, CHEN_HEAD, LIU_DESK, TANG_BANK_B, client_of, person
from tests.sla.conftest import EIGHT_HOURS

DESK, HEAD, CONTACT = LIU_DESK, CHEN_HEAD, TANG_BANK_B


@dataclass
class Shown:
    """What one record looks like at one instant wherever it is looked at."""

    list: str
    record: str
    line: dict[str, Any]
    api: dict[str, Any]

    @property
    def states(self) -> set[str]:
        """The state of its clock over the interface, in the list and in the record."""
        return {self.line["clock"]["state"], self.api["clock"]["state"]}


@dataclass
class Case:
    """The desk of one customer on the calendar with eight hours a day."""

    scene: scenes.Scene = field(default_factory=scenes.Scene)

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        with set_clock(moment):
            yield

    def allow(self, level: int, hours: int, clock: str = "working") -> None:
        """The contract allows so much at that level."""
        target = {"value": hours, "unit": "hour", "clock": clock}
        contract = Contract.objects.get(customer__code=self.scene.customer)
        ContractTarget.objects.update_or_create(contract=contract, level=level, defaults={"target": target})

    def minor(self, received: datetime, hours: int = 4) -> Declaration:
        """A level 4 incident that is being handled, received and all at that moment."""
        self.allow(4, hours)
        with set_clock(received):
            return self.scene.in_progress("minor", "low")

    def do(self, moment: datetime, action: Any, declaration: Declaration, by: str = DESK, **values: Any) -> Declaration:
        with set_clock(moment):
            return self.scene.do(action, declaration, by, **values)

    def sweep(self, moment: datetime) -> int:
        with set_clock(moment):
            return escalation.sweep()

    def browser(self, by: str = DESK) -> Client:
        """A browser in which that person has signed in, in Chinese."""
        return client_of(by, headers={"accept-language": "zh-hans"})

    def program(self, by: str = DESK) -> APIClient:
        """A program with a token of that person."""
        _token, key = create_token(actor=SYSTEM, user=person(by), name="case", days=1, scope="write")
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    def deliver(self) -> None:
        """Send what waits in the outbox."""
        deliver_due(now())

    def shown(self, declaration: Declaration, moment: datetime, by: str = DESK) -> Shown:
        with set_clock(moment):
            browser, program = self.browser(by), self.program(by)
            found = program.get("/api/v1/declarations/").json()["results"]
            return Shown(
                list=browser.get("/records/?view=all").content.decode(),
                record=browser.get(f"/records/{declaration.number}/").content.decode(),
                line=next(line for line in found if line["number"] == declaration.number),
                api=program.get(f"/api/v1/declarations/{declaration.number}/").json(),
            )

    def told(self, declaration: Declaration, event: str = "warning") -> list[tuple[str, datetime, str]]:
        """What was told of the record, when and to whom, in order; staff by number, contacts by code."""
        rows = Notification.objects.filter(stream=declaration.stream, event__startswith=event)
        people = rows.order_by("created_at", "event", "pk").select_related("user", "contact")
        return [
            (row.event, row.created_at, row.user.employee_number if row.user else row.contact.code) for row in people
        ]


@pytest.fixture
def case(firm: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Case:
    """The second bank, on the calendar of the cases and allowed to pause; nothing is told but by the sweep."""
    monkeypatch.setattr(Rate, "get_rate", lambda _rate: None)
    # Before the cases: no chain runs backwards.
    with set_clock(datetime(2026, 1, 1, tzinfo=UTC)):
        calendar = create_calendar("Eight hours", actor=SYSTEM, weekly=EIGHT_HOURS)
    Contract.objects.filter(customer__code=BANK_B).update(calendar=calendar, pause_allowed=True)
    return Case()
