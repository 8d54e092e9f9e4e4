"""Years without holidays, contracts that end, calendars that changed: told in time, and once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.actors import SYSTEM
from escalation import actions
from notifications.models import Notification
from sla.actions import Terms, create_contract, import_public_holidays, load_calendar_year, set_calendar_day
from sla.models import Calendar, CalendarDay, Contract
from sla.queries import default_calendar
from sla.year_files import CalendarEntry
from tests.firm import ADMINISTRATOR, BANK_B, CHEN_HEAD, LIN_HEAD, LIU_DESK, ZHOU_HEAD, person, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SHANGHAI = ZoneInfo("Asia/Shanghai")
DECEMBER = datetime(2026, 12, 1, 0, 0, tzinfo=SHANGHAI)
ADMINISTRATOR, HEAD, DESK = ADMINISTRATOR, CHEN_HEAD, LIU_DESK


def told(event: str) -> list[tuple[str, int]]:
    """Who was told of it, and with which number."""
    rows = Notification.objects.filter(event=event).order_by("pk")
    return list(rows.values_list("user__employee_number", "threshold"))


def test_a_missing_year_is_called_for_from_the_first_of_december(clock):
    clock.set(DECEMBER - timedelta(seconds=1))
    actions.watch_agreements()
    assert told("calendar.year_missing") == []
    clock.set(DECEMBER)
    actions.watch_agreements()
    assert told("calendar.year_missing") == [(ADMINISTRATOR, 2027)]


def test_it_is_called_for_once_a_week_until_it_is_there(clock):
    for days in range(15):
        clock.set(DECEMBER + timedelta(days=days))
        actions.watch_agreements()
        actions.watch_agreements()
    assert told("calendar.year_missing") == [(ADMINISTRATOR, 2027)] * 3
    final = [
        CalendarEntry(date(2027, 1, 1), CalendarDay.Kind.DAY_OFF),
        CalendarEntry(date(2027, 1, 3), CalendarDay.Kind.MAKE_UP),
    ]
    load_calendar_year(default_calendar(), 2027, final, "notice", actor=SYSTEM)
    clock.advance(days=14)
    actions.watch_agreements()
    assert len(told("calendar.year_missing")) == 3


def test_a_provisional_year_is_still_called_for(clock):
    import_public_holidays(default_calendar(), 2035, actor=SYSTEM)
    clock.set(datetime(2034, 12, 8, tzinfo=SHANGHAI))
    actions.watch_agreements()
    assert (ADMINISTRATOR, 2035) in told("calendar.year_missing")


def test_it_goes_on_in_the_year_itself(clock):
    clock.set(datetime(2027, 2, 1, tzinfo=SHANGHAI))
    actions.watch_agreements()
    assert told("calendar.year_missing") == [(ADMINISTRATOR, 2027)]


def test_a_job_that_is_killed_half_way_tells_the_rest_next_time(clock, monkeypatch):
    clock.set(DECEMBER)
    real = actions.agreements._contract
    monkeypatch.setattr(actions.agreements, "_contract", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.watch_agreements()
    assert told("calendar.year_missing") == [(ADMINISTRATOR, 2027)]
    monkeypatch.setattr(actions.agreements, "_contract", real)
    actions.watch_agreements()
    assert told("calendar.year_missing") == [(ADMINISTRATOR, 2027)]


def at_days_before_the_end(clock, contract: Contract, days: int) -> None:
    end = datetime(contract.ends_on.year, contract.ends_on.month, contract.ends_on.day, 12, tzinfo=SHANGHAI)
    clock.set(end - timedelta(days=days))
    actions.watch_agreements()


@pytest.fixture
def ending() -> Contract:
    """The only contract of its customer; all others are followed by one."""
    chosen = Contract.objects.select_related("customer").get(customer__code=BANK_B)
    for each in Contract.objects.exclude(pk=chosen.pk).select_related("customer"):
        after = each.ends_on + timedelta(days=1)
        terms = Terms(number=f"{each.number}-2", name="续签", starts_on=after, ends_on=date(2099, 12, 31))
        create_contract(each.customer, terms, actor=SYSTEM)
    return chosen


def test_head_and_desk_hear_at_every_step_before_a_contract_ends(ending, clock):
    for days in (61, 60, 59, 30, 7, 6, 1):
        at_days_before_the_end(clock, ending, days)
    assert told("contract.ending") == [(who, step) for step in (60, 30, 7) for who in (HEAD, DESK)]
    at_days_before_the_end(clock, ending, 0)
    at_days_before_the_end(clock, ending, -3)
    assert told("contract.ended") == [(HEAD, 0), (DESK, 0)]


def test_whoever_looks_late_tells_of_the_nearest_step_only(ending, clock):
    at_days_before_the_end(clock, ending, 20)
    assert told("contract.ending") == [(HEAD, 30), (DESK, 30)]


def test_a_successor_without_a_gap_keeps_it_quiet_and_a_gap_does_not(ending, clock):
    terms = Terms(
        number="HT-NEXT",
        name="续签",
        starts_on=ending.ends_on + timedelta(days=2),
        ends_on=ending.ends_on + timedelta(days=700),
    )
    follower = create_contract(ending.customer, terms, actor=SYSTEM)
    at_days_before_the_end(clock, ending, 60)
    assert len(told("contract.ending")) == 2
    Contract.objects.filter(pk=follower.pk).update(starts_on=ending.ends_on + timedelta(days=1))
    at_days_before_the_end(clock, ending, 30)
    assert len(told("contract.ending")) == 2


def test_a_contract_that_is_extended_is_told_of_anew(ending, clock):
    at_days_before_the_end(clock, ending, 60)
    Contract.objects.filter(pk=ending.pk).update(ends_on=ending.ends_on + timedelta(days=365))
    ending.refresh_from_db()
    at_days_before_the_end(clock, ending, 60)
    assert len(told("contract.ending")) == 4


def test_heads_hear_that_a_calendar_changed_and_are_led_there(client):
    set_calendar_day(default_calendar(), date(2026, 12, 31), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    actions.watch_agreements()
    actions.watch_agreements()
    assert sorted(who for who, _number in told("calendar.changed")) == [CHEN_HEAD, LIN_HEAD, ZHOU_HEAD]
    sign_in(client, person(HEAD))
    page = client.get(reverse("notifications")).content.decode()
    assert reverse("calendar", args=[default_calendar().pk]) in page


def test_an_old_change_is_no_news(clock):
    set_calendar_day(default_calendar(), date(2026, 12, 31), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    clock.advance(days=8)
    actions.watch_agreements()
    assert told("calendar.changed") == []


def test_the_longest_number_of_a_contract_and_name_of_a_calendar_fit_into_the_outbox(clock):
    contract = Contract.objects.get(customer__code=BANK_B)
    Contract.objects.filter(pk=contract.pk).update(number="N" * 60)
    Calendar.objects.update(name="历" * 100)
    clock.set(datetime(contract.ends_on.year, contract.ends_on.month, contract.ends_on.day, 10, tzinfo=SHANGHAI))
    actions.watch_agreements()
    numbers = set(Notification.objects.values_list("number", flat=True))
    assert {"N" * 60, "历" * 100} <= numbers
    for row in Notification.objects.all():
        row.clean_fields(exclude=["data"])
