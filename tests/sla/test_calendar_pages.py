"""Calendars through their pages: shown, changed, loaded, and refused."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ledger.models import Entry
from sla.models import Calendar, CalendarDay, CalendarVersion
from sla.queries import default_calendar
from sla.queries.years import KnownYear
from tests.firm import (
    ADMINISTRATOR,
    CHEN_HEAD,
    FENG_AUDITOR,
    HE_RISK,
    LIU_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    client_of,
    person,
)
from tests.scenes import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ADMINISTRATOR, HEAD, DESK = ADMINISTRATOR, CHEN_HEAD, LIU_DESK
PUBLISHED = [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
    {"name": "元旦调休", "date": "2027-01-03", "isOffDay": False},
]


@pytest.fixture
def keeper() -> Client:
    return client_of(ADMINISTRATOR)


def hours(calendar: Calendar, **changes: str) -> dict[str, object]:
    week = {f"day{day}": "09:00-12:00, 13:30-18:00" if day < 5 else "" for day in range(7)}
    return {"name": calendar.name, "timezone": calendar.timezone, "version": calendar.version, **week, **changes}


def load(client: Client, calendar: Calendar, year: int = 2027, **posted: object):
    data = {"version": calendar.version, "source": "library", **posted}
    return client.post(reverse("calendar-load", args=[calendar.pk, year]), data)


def file_of(content: str | bytes, name: str = "2027.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def days_of(calendar: Calendar, year: int) -> set[tuple[date, str]]:
    return set(calendar.days.filter(date__year=year).values_list("date", "kind"))


def test_changing_the_hours_makes_a_version_with_its_entry(keeper):
    calendar = default_calendar()
    answer = keeper.post(reverse("calendar-hours", args=[calendar.pk]), hours(calendar, day5="９：００－１２：００"))
    assert answer.status_code == 302
    changed = default_calendar()
    assert changed.weekly["5"] == [[540, 720]]
    assert changed.version == changed.current.number == calendar.version + 1
    entry = Entry.objects.filter(stream=calendar.stream).latest("sequence")
    assert (entry.action, entry.role, entry.actor) == ("change_calendar", "administrator", person(ADMINISTRATOR).stream)


def test_make_up_days_follow_the_hours_of_a_normal_day(keeper):
    calendar = default_calendar()
    week = {f"day{day}": "08:00-16:00" for day in range(5)}
    keeper.post(reverse("calendar-hours", args=[calendar.pk]), hours(calendar, **week))
    make_up = default_calendar().days.filter(kind=CalendarDay.Kind.MAKE_UP)
    assert make_up.exists()
    assert all(day.windows == [[480, 960]] for day in make_up)


def test_saving_what_stands_there_makes_no_version_from_any_zone(keeper):
    calendar = default_calendar()
    entries = Entry.objects.count()
    for zone in ("Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"):
        with timezone.override(zone):
            page = keeper.get(reverse("calendar-hours", args=[calendar.pk])).content.decode()
            assert 'value="09:00-12:00, 13:30-18:00"' in page
            keeper.post(reverse("calendar-hours", args=[calendar.pk]), hours(calendar))
    assert default_calendar().weekly == calendar.weekly
    assert (default_calendar().version, Entry.objects.count()) == (calendar.version, entries)


def test_a_calendar_without_working_time_is_refused_when_saved(keeper):
    calendar = default_calendar()
    nobody = {f"day{day}": "" for day in range(7)}
    answer = keeper.post(reverse("calendar-hours", args=[calendar.pk]), hours(calendar, **nobody))
    assert answer.status_code == 422
    assert "at least one day with working time" in answer.content.decode()
    answer = keeper.post(reverse("calendar-new"), hours(calendar, name="Empty", **nobody))
    assert answer.status_code == 422
    assert Calendar.objects.count() == 1
    assert default_calendar().version == calendar.version


def test_wrong_hours_come_back_with_what_was_typed(keeper):
    calendar = default_calendar()
    answer = keeper.post(
        reverse("calendar-hours", args=[calendar.pk]), hours(calendar, day0="18:00-09:00", name="新名")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="18:00-09:00"' in page
    assert 'value="新名"' in page


def test_a_stale_save_shows_both_and_saves_the_chosen_side(keeper):
    calendar = default_calendar()
    mine = hours(calendar, name="我的", day5="09:00-12:00")
    address = reverse("calendar-hours", args=[calendar.pk])
    keeper.post(address, hours(calendar, name="别人的"))
    answer = keeper.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "别人的" in page
    assert "我的" in page
    now = default_calendar().version
    keeper.post(address, {**mine, "version": now, "choose-name": "theirs", "choose-day5": "mine"})
    saved = default_calendar()
    assert (saved.name, saved.weekly["5"], saved.version) == ("别人的", [[540, 720]], now + 1)


def test_a_form_without_a_version_is_refused(keeper):
    calendar = default_calendar()
    answer = keeper.post(reverse("calendar-hours", args=[calendar.pk]), {**hours(calendar), "version": ""})
    assert answer.status_code == 428


def test_a_second_calendar_is_entered_and_its_name_taken_once(keeper):
    calendar = default_calendar()
    assert keeper.post(reverse("calendar-new"), hours(calendar, name="夜班", timezone="Asia/Tokyo")).status_code == 302
    assert Calendar.objects.get(name="夜班").current.timezone == "Asia/Tokyo"
    assert keeper.post(reverse("calendar-new"), hours(calendar, name="夜班")).status_code == 422
    assert keeper.post(reverse("calendar-new"), hours(calendar, name="无", timezone="Asia/Atlantis")).status_code == 422


def test_one_day_is_set_and_taken_back(keeper):
    calendar = default_calendar()
    address = reverse("calendar-day", args=[calendar.pk, "2026-12-31"])
    keeper.post(address, {"version": calendar.version, "kind": "day_off", "name": "公司休息"})
    assert default_calendar().days.get(date=date(2026, 12, 31)).name == "公司休息"
    page = keeper.get(reverse("calendar", args=[calendar.pk]), {"day": "2026-12-31"}).content.decode()
    assert 'value="公司休息"' in page
    keeper.post(address, {"version": default_calendar().version, "kind": "makeup", "windows": "9-12"})
    assert default_calendar().days.get(date=date(2026, 12, 31)).windows == [[540, 720]]
    keeper.post(address, {"version": default_calendar().version, "kind": ""})
    assert not default_calendar().days.filter(date=date(2026, 12, 31)).exists()
    assert default_calendar().version == calendar.version + 3


def test_hours_of_a_day_that_cannot_be_come_back_as_typed(keeper):
    calendar = default_calendar()
    address = reverse("calendar-day", args=[calendar.pk, "2026-12-31"])
    answer = keeper.post(address, {"version": calendar.version, "kind": "makeup", "windows": "25-26"})
    assert answer.status_code == 422
    assert 'value="25-26"' in answer.content.decode()
    assert default_calendar().version == calendar.version


def test_a_stale_day_keeps_what_was_typed(keeper):
    calendar = default_calendar()
    keeper.post(reverse("calendar-hours", args=[calendar.pk]), hours(calendar, name="改名"))
    address = reverse("calendar-day", args=[calendar.pk, "2026-12-31"])
    answer = keeper.post(address, {"version": calendar.version, "kind": "day_off", "name": "公司休息"})
    assert answer.status_code == 412
    assert 'value="公司休息"' in answer.content.decode()
    assert not default_calendar().days.filter(date=date(2026, 12, 31)).exists()


def test_the_library_is_shown_before_it_is_loaded(keeper):
    calendar = default_calendar()
    page = load(keeper, calendar, 2025)
    assert page.status_code == 200
    assert "would change" in page.content.decode()
    assert not days_of(calendar, 2025)
    assert load(keeper, calendar, 2025, apply="1").status_code == 302
    loaded = default_calendar()
    assert (date(2025, 10, 1), "day_off") in days_of(loaded, 2025)
    assert (date(2025, 9, 28), "makeup") in days_of(loaded, 2025)
    assert loaded.years["2025"]["provisional"] is False


def test_a_year_the_library_knows_only_in_part_stays_provisional_until_it_is_confirmed(keeper):
    calendar = default_calendar()
    load(keeper, calendar, 2035, apply="1")
    loaded = default_calendar()
    assert loaded.years["2035"]["provisional"] is True
    page = keeper.get(reverse("calendar", args=[calendar.pk]), {"year": "2035"}).content.decode()
    assert "Provisional" in page
    keeper.post(reverse("calendar-confirm", args=[calendar.pk, 2035]), {"version": loaded.version})
    assert default_calendar().years["2035"]["provisional"] is False


def test_a_year_without_a_day_cannot_be_confirmed(keeper):
    calendar = default_calendar()
    answer = keeper.post(reverse("calendar-confirm", args=[calendar.pk, 2031]), {"version": calendar.version})
    assert answer.status_code == 409
    assert default_calendar().version == calendar.version


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(PUBLISHED),
        "日期,名称,是否放假\n2027/1/1,元旦,是\n2027/1/3,元旦调休,否\n".encode("gb18030"),
    ],
)
def test_a_file_is_shown_then_loaded_with_what_was_shown(keeper, content):
    calendar = default_calendar()
    shown = load(keeper, calendar, source="file", file=file_of(content))
    assert shown.status_code == 200
    assert not days_of(calendar, 2027)
    text = shown.context["plan"].content
    assert load(keeper, calendar, source="file", content=text, file_name="2027.csv", apply="1").status_code == 302
    assert days_of(calendar, 2027) == {(date(2027, 1, 1), "day_off"), (date(2027, 1, 3), "makeup")}
    assert default_calendar().years["2027"] == {"source": "2027.csv", "provisional": False}


def test_days_at_the_turn_of_the_year_are_set_in_their_own_year_and_leave_its_others(keeper):
    calendar = default_calendar()
    before = days_of(calendar, 2026)
    days = json.dumps([*PUBLISHED, {"name": "元旦", "date": "2026-12-31", "isOffDay": True}])
    shown = load(keeper, calendar, source="file", file=file_of(days))
    assert "2026-12-31" in shown.content.decode()
    load(keeper, calendar, source="file", content=days, file_name="2027.json", apply="1")
    assert days_of(calendar, 2026) == before | {(date(2026, 12, 31), "day_off")}
    assert len(days_of(calendar, 2027)) == 2
    version = default_calendar().version
    load(keeper, default_calendar(), source="file", content=days, file_name="2027.json", apply="1")
    assert default_calendar().version == version


def test_a_make_up_day_in_the_week_is_loaded_only_when_it_is_confirmed(keeper):
    calendar = default_calendar()
    content = "日期,名称,是否放假\n2027/1/1,元旦,是\n2027/1/4,元旦,补班\n"
    values = {"source": "file", "content": content, "file_name": "a.csv"}
    asked = load(keeper, calendar, apply="1", **values)
    assert asked.status_code == 422
    assert "2027-01-04 is a Monday" in asked.content.decode()
    assert not days_of(calendar, 2027)
    assert load(keeper, calendar, apply="1", agreed="on", **values).status_code == 302
    assert (date(2027, 1, 4), "makeup") in days_of(calendar, 2027)


def test_a_file_is_asked_for_where_none_was_chosen(keeper):
    answer = load(keeper, default_calendar(), source="file")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": ["Choose the file."]}


def test_a_year_that_the_library_does_not_know_asks_for_a_file(keeper, monkeypatch):
    monkeypatch.setattr("sla.queries.public_holidays", lambda year: KnownYear((), "holidays 0.1"))
    answer = load(keeper, default_calendar(), 2099, apply="1")
    assert answer.status_code == 422
    assert "no holiday of 2099" in answer.context["errors"][0].sentence
    assert not days_of(default_calendar(), 2099)


def test_a_file_with_one_wrong_row_loads_nothing(keeper):
    calendar = default_calendar()
    wrong = json.dumps([*PUBLISHED, {"name": "?", "date": "2027-13-01", "isOffDay": True}])
    answer = load(keeper, calendar, source="file", file=file_of(wrong))
    assert answer.status_code == 422
    assert [error.row for error in answer.context["errors"]] == [3]
    assert load(keeper, calendar, source="file", content=wrong, apply="1").status_code == 422
    assert not days_of(calendar, 2027)
    assert default_calendar().version == calendar.version


@pytest.mark.parametrize("content", [b"x" * 70_000, b"\xff\xfe\xff\xff", b"", b"[[[[", b"\x00"])
def test_a_hostile_file_is_refused_with_a_sentence(keeper, content):
    answer = load(keeper, default_calendar(), source="file", file=file_of(content))
    assert answer.status_code == 422


def test_loading_on_an_old_version_shows_the_differences_again(keeper):
    calendar = default_calendar()
    keeper.post(reverse("calendar-hours", args=[calendar.pk]), hours(calendar, name="改名"))
    answer = load(keeper, calendar, 2025, apply="1")
    assert answer.status_code == 412
    assert not days_of(calendar, 2025)
    assert f'name="version" value="{default_calendar().version}"' in answer.content.decode()


def test_the_year_tells_days_apart_by_more_than_colour(keeper):
    page = keeper.get(reverse("calendar", args=[default_calendar().pk]), {"year": "2026"}).content.decode()
    assert "2026-10-01, Thursday, Day off" in page
    assert "2026-10-10, Saturday, Make-up working day" in page
    assert page.count("<i>off</i>") == 1 + default_calendar().days.filter(kind="day_off", date__year=2026).count()


def test_years_that_are_missing_are_called_for_from_december(keeper, clock):
    address = reverse("calendar", args=[default_calendar().pk])
    clock.set(datetime(2026, 11, 30, 23, 59, tzinfo=MONDAY.tzinfo))
    assert keeper.get(address).context["missing"] == []
    clock.advance(minutes=1)
    assert keeper.get(address).context["missing"] == [2027]
    assert "2027: holidays and make-up days are missing" in keeper.get(reverse("calendars")).content.decode() or (
        "2027 missing" in keeper.get(reverse("calendars")).content.decode()
    )


PAGES = ("calendars", "calendar", "calendar-new", "calendar-hours", "calendar-load")


def address(name: str) -> str:
    keys = {"calendar": 1, "calendar-hours": 1, "calendar-load": 2}.get(name, 0)
    return reverse(name, args=[default_calendar().pk, 2027][:keys])


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("number", "allowed"),
    [
        (ADMINISTRATOR, PAGES),
        (CHEN_HEAD, ("calendars", "calendar")),
        *((number, ()) for number in (LIU_DESK, ZHENG_CUSTODIAN, HE_RISK, FENG_AUDITOR, XU_SALES)),
    ],
)
def test_who_may_open_what(number, allowed, name):
    assert client_of(number).get(address(name)).status_code == (200 if name in allowed else 403)


@pytest.mark.parametrize("number", [CHEN_HEAD, LIU_DESK, ZHENG_CUSTODIAN, HE_RISK, FENG_AUDITOR, XU_SALES])
def test_who_keeps_no_calendar_changes_none(number):
    calendar, client = default_calendar(), client_of(number)
    versions = CalendarVersion.objects.count()
    assert client.post(reverse("calendar-hours", args=[calendar.pk]), hours(calendar, name="x")).status_code == 403
    assert client.post(reverse("calendar-new"), hours(calendar, name="x")).status_code == 403
    assert load(client, calendar, 2025, apply="1").status_code == 403
    day = client.post(reverse("calendar-day", args=[calendar.pk, "2026-12-31"]), {"version": 1, "kind": "day_off"})
    confirmed = client.post(reverse("calendar-confirm", args=[calendar.pk, 2026]), {"version": calendar.version})
    assert (day.status_code, confirmed.status_code) == (403, 403)
    assert CalendarVersion.objects.count() == versions


def test_addresses_of_nothing_are_not_found(keeper):
    calendar = default_calendar()
    for path in (
        f"/settings/calendars/{10**30}/",
        "/settings/calendars/0/hours/",
        f"/settings/calendars/{calendar.pk}/years/1/load/",
        f"/settings/calendars/{calendar.pk}/years/{10**30}/load/",
    ):
        assert keeper.get(path).status_code == 404
    post = keeper.post(f"/settings/calendars/{calendar.pk}/days/2026-02-30/", {"version": 1})
    assert post.status_code == 404
    assert keeper.get(reverse("calendar", args=[calendar.pk]), {"year": "x", "day": "\x00"}).status_code == 200


def test_the_year_costs_the_same_however_many_days_differ(keeper, count_queries):
    calendar = default_calendar()
    address = reverse("calendar", args=[calendar.pk])
    keeper.get(address)
    few = count_queries(lambda: keeper.get(address, {"year": "2031"}))
    first = date(2031, 1, 1)
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, date=first + timedelta(days=number), kind="day_off") for number in range(300)
    )
    assert count_queries(lambda: keeper.get(address, {"year": "2031"})) == few <= 14


def test_a_year_that_nobody_counts_is_not_there(keeper):
    calendar = default_calendar()
    for year in (0, 1999, 2101, 99999, 10**30):
        answer = keeper.post(reverse("calendar-confirm", args=[calendar.pk, year]), {"version": calendar.version})
        assert answer.status_code == 404
    assert default_calendar().version == calendar.version


def test_a_file_name_that_is_none_is_refused(keeper):
    calendar = default_calendar()
    kept = {"source": "file", "content": json.dumps(PUBLISHED), "file_name": "a\x00b", "apply": "1"}
    assert load(keeper, calendar, **kept).status_code == 422
    assert default_calendar().version == calendar.version


def test_confirming_a_year_without_days_is_refused_and_written_down(keeper):
    calendar = default_calendar()
    keeper.post(reverse("calendar-confirm", args=[calendar.pk, 2050]), {"version": calendar.version})
    refused = Entry.objects.filter(stream__startswith="security:").latest("pk")
    assert refused.action == "confirm_calendar_year"


def test_who_may_not_change_calendars_is_refused_and_written_down():
    assert client_of(DESK).post(reverse("calendar-new"), {}).status_code == 403
    refused = Entry.objects.filter(stream__startswith="security:").latest("pk")
    assert (refused.action, refused.actor) == ("calendar-new", person(DESK).stream)
    before = Entry.objects.count()
    assert client_of(DESK).get(reverse("calendar-new")).status_code == 403
    assert Entry.objects.count() == before
