"""A refusal is written to the day's security stream once nothing else is left of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import gettext_lazy, override

from ledger.actions import attempt, create, record_refusal, step
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Reason, Stale, VersionMissing
from ledger.models import Entry
from ledger.queries import content, head, history
from ledger.signature import Signature
from ledger.verification import verify
from tests.ledger.conftest import HEAD
from tests.ledger.house import Order

pytestmark = pytest.mark.usefixtures("house")
LATE_EVENING = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
DAY = "security:2026-11-23"


@pytest.fixture(autouse=True)
def _just_after_midnight_in_china(clock):
    clock.set(LATE_EVENING)


def refuse(times: int, signature: Signature = HEAD) -> None:
    for _ in range(times):
        record_refusal(signature, action="close", stream="order:1", refusal=NotPermitted("No."))


def test_a_refusal_inside_a_step_is_recorded_after_the_roll_back(order):
    refusal = NotPossible("First close it.", clause="1.4", reasons=[Reason("Not closed.", "1.3")])

    def file() -> None:
        with step(Order, order.pk, version=1, signature=HEAD, action="file", clause="1.4") as taken:
            taken.record.title = "lost"
            raise refusal

    with pytest.raises(NotPossible):
        file()
    assert Order.objects.get().title == "A4 paper"
    entry = head(DAY)
    assert (entry.actor, entry.action, entry.clause) == ("staff:7", "file", "1.4")
    assert content(entry)["facts"] == {
        "target": order.stream,
        "refused": "file",
        "code": "not_possible",
        "status": 409,
        "sentence": "First close it.",
        "fields": [],
        "clauses": ["1.3"],
    }
    assert history(order.stream).count() == 1


def test_only_the_outermost_attempt_records_it(order):
    with (
        pytest.raises(NotPossible),
        attempt(HEAD, action="both", stream="order:0"),
        step(Order, order.pk, version=1, signature=HEAD, action="close", clause="1.3"),
    ):
        raise NotPossible("No.")
    assert [entry.action for entry in history(DAY)] == ["both"]


def test_a_refusal_that_is_caught_inside_is_not_recorded(order):
    with (
        attempt(HEAD, action="both", stream="order:0"),
        pytest.raises(NotPossible),
        step(Order, order.pk, version=1, signature=HEAD, action="close", clause="1.3"),
    ):
        raise NotPossible("No.")
    assert head(DAY) is None


def test_the_role_that_the_body_found_stands_on_the_refusal(order):
    def close() -> None:
        with step(Order, order.pk, version=1, signature=HEAD, action="close", clause="1.3") as taken:
            taken.signature = replace(HEAD, role="auditor")
            raise NotPermitted("No.")

    with pytest.raises(NotPermitted):
        close()
    assert head(DAY).role == "auditor"


def test_a_stale_form_is_a_refusal_too(order):
    with pytest.raises(Stale), step(Order, order.pk, version=8, signature=HEAD, action="close", clause="1.3"):
        pass
    assert content(head(DAY))["facts"]["code"] == "stale"


def test_a_refused_new_record_names_the_kind_of_record(house):
    with pytest.raises(NotPermitted), create(Order(title="x"), signature=HEAD, action="open", clause="1.1"):
        raise NotPermitted("No.")
    assert not Order.objects.exists()
    assert content(head(DAY))["facts"]["target"].startswith("order:")


def test_what_was_typed_into_a_field_is_not_recorded(house):
    refusal = Invalid({"phone": ["“rm -rf” is not a number."]})
    record_refusal(HEAD, action="open", stream="order:new", refusal=refusal)
    entry = head(DAY)
    assert content(entry)["facts"]["fields"] == ["phone"]
    assert "rm -rf" not in entry.body + entry.payload.content


def test_the_sentence_is_recorded_in_one_language_whoever_reads_it():
    with override("zh-hans"):
        refusal = NotPermitted(gettext_lazy("Monday"))
        assert str(refusal) == "星期一"
        record_refusal(HEAD, action="x", stream="", refusal=refusal)
    assert content(head(DAY))["facts"]["sentence"] == "Monday"


def test_more_than_the_limit_of_one_actor_a_minute_leave_one_entry(settings, clock):
    settings.LEDGER_REFUSALS_PER_MINUTE = 3
    refuse(6)
    assert [entry.action for entry in history(DAY)] == ["close", "close", "close", "refusals_dropped"]
    refuse(1, Signature(kind="contact", key="contact:3", name="林"))
    assert head(DAY).actor == "contact:3"
    clock.advance(seconds=61)
    refuse(1)
    assert head(DAY).action == "close"
    assert list(verify([DAY])) == []


def test_a_missing_version_says_what_to_do():
    refusal = VersionMissing()
    assert (refusal.status, refusal.code) == (428, "version_missing")
    assert "Load the record again" in str(refusal)


def test_other_errors_are_no_refusals(order):
    with (
        pytest.raises(ZeroDivisionError),
        step(Order, order.pk, version=1, signature=HEAD, action="close", clause="1.3"),
    ):
        raise ZeroDivisionError
    assert not Entry.objects.filter(stream=DAY).exists()


def test_a_refusal_that_would_be_dated_before_the_last_is_left_to_the_log(order, clock):
    refuse(1)
    clock.set(LATE_EVENING - timedelta(minutes=20))
    refuse(1)
    assert history(DAY).count() == 1
