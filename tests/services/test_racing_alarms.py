"""A monitoring tool reports one fault several times at once: one record counts the alarms (R-5.3-3)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from accounts.models import Customer
from base.clock import set_clock
from incidents import actions
from incidents.models import Declaration
from ledger.verification import verify
from tests import scenes
from tests.firm import BANK_B, LIU_DESK, open_firm, staff
from tests.services.racing import THREADS, at_once, on_a_server

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
ALARM = {"channel": "monitoring", "contact": None, "source": "监控平台", "source_ref": "disk-full"}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with set_clock(scenes.MONDAY):
        open_firm()
        yield


def raise_alarms(refs: list[str], keys: list[str | None] | None = None) -> list[int]:
    """Eight alarms at once, each about its `ref`; the records that they ended on."""
    actor, customer = staff(LIU_DESK), Customer.objects.get(code=BANK_B)
    call = partial(scenes.Scene().call, customer=customer, **{**ALARM, "source_ref": ""})
    calls = [call(source_ref=ref) for ref in refs]
    given = keys or [None] * len(refs)
    return at_once(lambda n: actions.accept(calls[n], actor=actor, idempotency_key=given[n]).pk)


def test_eight_first_alarms_at_once_are_one_record_that_counts_them() -> None:
    assert len(set(raise_alarms(["disk-full"] * THREADS))) == 1
    declaration = Declaration.objects.get()
    assert (declaration.alarm_count, declaration.number) == (THREADS - 1, "SD-20261123-001")
    assert list(verify()) == []


def test_eight_retries_of_one_alarm_count_once() -> None:
    assert len(set(raise_alarms(["disk-full"] * THREADS, ["retried"] * THREADS))) == 1
    assert Declaration.objects.get().alarm_count == 0


def test_alarms_about_different_things_do_not_join() -> None:
    assert len(set(raise_alarms([f"disk-{number % 2}" for number in range(THREADS)]))) == 2
    assert sorted(Declaration.objects.values_list("alarm_count", flat=True)) == [THREADS // 2 - 1] * 2


def test_without_waiting_for_their_turn_they_would_be_several_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.actions.intake.wait_for_turn", lambda call: None)
    assert len(set(raise_alarms(["disk-full"] * THREADS))) > 1
