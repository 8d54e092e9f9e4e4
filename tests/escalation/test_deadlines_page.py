"""The page on which a head sees what a change would move, and applies it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.actors import SYSTEM
from escalation.models import Recount
from incidents.models import Declaration
from ledger.models import Entry
from sla.actions import set_calendar_day
from sla.models import CalendarDay, Contract
from sla.queries import default_calendar
from tests.escalation.test_deadlines import TWO_DAYS, agree
from tests.firm import (
    ADMINISTRATOR,
    BANK_B,
    BROKER_E,
    CHEN_HEAD,
    FENG_AUDITOR,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    client_of,
    person,
)
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
HEAD = CHEN_HEAD


@pytest.fixture
def moved() -> list[Declaration]:
    """Three records that a day off on Tuesday would move."""
    agree(Contract.objects.get(customer__code=BANK_B), targets={3: TWO_DAYS})
    found = [Scene().in_progress() for _each in range(3)]
    set_calendar_day(default_calendar(), date(2026, 11, 24), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    return found


def due(declaration: Declaration):
    return Declaration.objects.get(pk=declaration.pk).due_at


def test_each_row_says_what_moves_from_when_to_when(moved):
    page = client_of(HEAD).get(reverse("deadlines"))
    assert [row["declaration"] for row in page.context["rows"]] == moved
    text = page.content.decode()
    for word in (moved[0].number, "Resolution", "11-25 10:00", "11-26 10:00", "1 d later", "In time"):
        assert word in text


def test_only_the_chosen_rows_are_applied(moved):
    client = client_of(HEAD)
    rows = client.get(reverse("deadlines")).context["rows"]
    answer = client.post(reverse("deadlines"), {"move": [rows[1]["value"]]}, follow=True)
    assert "1 due time was moved." in answer.content.decode()
    assert [due(each) == each.due_at for each in moved] == [True, False, True]
    record = client.get(reverse("record", args=[moved[1].number])).content.decode()
    assert "due time after a change of calendar or contract" in record


def test_all_are_applied_with_their_progress(moved):
    client = client_of(HEAD)
    answer = client.post(reverse("deadlines"), {"all": "1"}, follow=True)
    assert answer.context["recount"].moved == 3
    assert not any(due(each) == each.due_at for each in moved)
    assert "No due time would move" in client.get(reverse("deadlines")).content.decode()
    begun = Recount.objects.get()
    assert client_of(LIN_HEAD).get(reverse("recount", args=[begun.pk])).status_code == 404
    Recount.objects.update(finished_at=None)
    part = client.get(reverse("recount", args=[begun.pk]), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part


@pytest.mark.parametrize(
    "values", [[], ["x"], ["1/2"], ["1/2/2026-11-25"], [f"{10**30}/1/2026-11-25T10:00:00+08:00"], ["\x00/\x00/\x00"]]
)
def test_what_is_no_row_is_left_alone(moved, values):
    assert client_of(HEAD).post(reverse("deadlines"), {"move": values}).status_code == 302
    assert all(due(each) == each.due_at for each in moved)


def test_a_row_that_changed_meanwhile_is_left_and_said(moved):
    client = client_of(HEAD)
    rows = client.get(reverse("deadlines")).context["rows"]
    set_calendar_day(default_calendar(), date(2026, 11, 25), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    answer = client.post(reverse("deadlines"), {"move": [rows[0]["value"]]}, follow=True)
    assert "no longer as it was shown" in answer.content.decode()
    assert due(moved[0]) == moved[0].due_at


@pytest.mark.parametrize("number", [ADMINISTRATOR, LIU_DESK, ZHENG_CUSTODIAN, HE_RISK, FENG_AUDITOR, XU_SALES])
def test_nobody_but_a_head_opens_it(moved, number):
    client = client_of(number)
    assert client.get(reverse("deadlines")).status_code == 403
    assert client.post(reverse("deadlines"), {"all": "1"}).status_code == 403
    assert all(due(each) == each.due_at for each in moved)


def test_another_head_sees_nothing_of_it(moved):
    client = client_of(LIN_HEAD)
    value = client_of(HEAD).get(reverse("deadlines")).context["rows"][0]["value"]
    assert client.get(reverse("deadlines")).context["rows"] == []
    client.post(reverse("deadlines"), {"move": [value]})
    assert due(moved[0]) == moved[0].due_at


def test_the_page_costs_the_same_for_one_row_and_for_three(moved, count_queries):
    client = client_of(HEAD)
    address = reverse("deadlines")
    client.get(address)
    one = count_queries(lambda: client.get(address, {"after": moved[1].pk}))
    assert count_queries(lambda: client.get(address)) == one <= 20


def test_a_contract_that_is_not_there_is_refused_and_nothing_begins(moved):
    for key in (999_999_999, Contract.objects.get(customer__code=BROKER_E).pk):
        answer = client_of(HEAD).post(f"{reverse('deadlines')}?contract={key}", {"all": "1"})
        assert answer.status_code == 409
    assert not Recount.objects.exists()


def test_who_heads_nothing_is_refused_and_written_down(moved):
    assert client_of(LIU_DESK).post(reverse("deadlines"), {"all": "1"}).status_code == 403
    assert Entry.objects.filter(stream__startswith="security:", actor=person(LIU_DESK).stream).count() == 1
