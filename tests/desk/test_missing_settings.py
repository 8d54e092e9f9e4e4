"""Where a setting is missing, a page says which one and where it is kept."""

from __future__ import annotations

import pytest

from ledger.exceptions import SettingMissing
from procedure.queries import in_force, rules
from sla.models import Calendar, Contract
from tests import scenes
from tests.firm import LIU_DESK, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def take_calendars_away() -> None:
    Contract.objects.update(calendar=None)
    Calendar.objects.update(is_default=False)


def test_grading_and_the_step_say_which_calendar_is_missing():
    declaration = scenes.Scene().screened()
    take_calendars_away()
    client = client_of(LIU_DESK, headers={"Accept-Language": "zh-hans"})
    posted = {"leaf": "BIZ-01", "impact": "moderate", "urgency": "medium", "version": declaration.version}
    answer = client.post(f"/records/{declaration.number}/do/classify/", posted)
    assert answer.status_code == 409
    assert "没有默认工作日历" in answer.content.decode()


def test_a_parameter_that_the_version_lacks_is_named(monkeypatch):
    book = rules(in_force(scenes.MONDAY.date()).pk)
    monkeypatch.delitem(book.parameters, "repeat_threshold")
    with pytest.raises(SettingMissing, match="repeat_threshold") as refused:
        book.parameter("repeat_threshold")
    assert refused.value.status == 409
