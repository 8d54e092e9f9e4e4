"""The page of the figures and the lists behind it: what they show and what they cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.test import Client

from base.clock import now, set_clock
from reports.figures import Figure, Rate
from reports.periods import Month
from reports.queries.records import RecordsPart, page
from reports.queries.sla import cells
from tests.desk.copies import copy_declarations
from tests.firm import (
    BANK_A,
    BANK_B,
    BANK_C,
    CHEN_HEAD,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HAN_BANK_C,
    LIU_DESK,
    WANG_DESK,
    client_of,
    staff,
)
from tests.reports.reading import YEAR, total
from tests.scenes import MONDAY, Scene

pytestmark = pytest.mark.django_db
STATEMENTS = 12
LINK = re.compile(r'href="(/reports/[^"]*)"')


@pytest.fixture(scope="module")
def something_of_everything(firm: None, django_db_blocker: Any) -> Iterator[datetime]:
    """Records of two customers and all levels, made once for the module; the moment after the last one."""
    scene, other, later = Scene(), Scene(customer=BANK_C, contact=HAN_BANK_C), MONDAY + timedelta(days=36)
    with django_db_blocker.unblock(), transaction.atomic():
        with set_clock(MONDAY):
            for impact, urgency in (("severe", "high"), ("moderate", "medium"), ("minor", "low")):
                scene.resolved(impact, urgency)
                other.in_progress(impact, urgency)
        with set_clock(later):
            scene.at("withdrawn")
            other.resolved()
            Scene(desk=WANG_DESK).accepted(contact=None, caller_name="路人", caller_phone="13700000000")
        yield later
        transaction.set_rollback(True)


@pytest.fixture
def mixed(something_of_everything: datetime, scene: Scene, clock: Any) -> None:
    """It is the moment after those records; what the test does to them is rolled back."""
    clock.set(something_of_everything)


def links(body: bytes) -> set[str]:
    return {link.replace("&amp;", "&") for link in LINK.findall(body.decode())}


def test_the_page_shows_numerator_denominator_and_what_was_missed(head: Client, mixed: None) -> None:
    context = head.get("/reports/").context
    sums = total(CHEN_HEAD)
    shown = {rate.figure: (rate.rate, rate.words) for rate in context["total"].rates}
    assert shown["resolution"] == (sums.resolution, "100% (4/4)")
    assert shown["response"][0] == sums.response
    assert context["total"].overdue == sums.overdue == 3


@pytest.mark.parametrize("by", ["month", "department", "customer", "level"])
@pytest.mark.parametrize("reader", [CHEN_HEAD, LIU_DESK, FENG_AUDITOR, GAO_MANAGEMENT])
def test_the_lines_of_every_division_add_up_to_the_total(mixed: None, by: str, reader: str) -> None:
    browser = client_of(reader)
    context = browser.get(f"/reports/?by={by}").context
    for position, whole in enumerate(context["total"].rates):
        parts = [row.rates[position].rate for row in context["rows"]]
        assert sum(rate.numerator for rate in parts) == whole.rate.numerator
        assert sum(rate.denominator for rate in parts) == whole.rate.denominator
        assert all(rate.numerator <= rate.denominator for rate in parts)
    assert sum(row.overdue for row in context["rows"]) == context["total"].overdue


@pytest.mark.parametrize(
    ("name", "values"),
    [("customer", [BANK_A, BANK_B, BANK_C, "none"]), ("level", ["1", "2", "3", "4", "none"]), ("department", ["D1"])],
)
def test_the_values_of_a_filter_make_up_the_whole(mixed: None, head: Client, name: str, values: list[str]) -> None:
    whole = head.get("/reports/").context["total"]
    parts = [head.get(f"/reports/?{name}={value}").context["total"] for value in values]
    for position, each in enumerate(whole.rates):
        assert sum((part.rates[position].rate for part in parts), Rate()) == each.rate
    assert sum(part.overdue for part in parts) == whole.overdue


def test_every_number_leads_to_just_as_many_records(mixed: None, head: Client) -> None:
    """Each link beside a number of the page opens a list of so many records; the head may open them all."""
    for asked in ("by=customer", f"since={Month.of(now())}"):
        context = head.get(f"/reports/?{asked}").context
        for row in [*context["rows"], context["total"]]:
            wanted = {row.overdue_url: row.overdue}
            for each in (each for each in row.rates if each.rate.denominator):
                wanted[each.counted_url] = each.rate.denominator
                wanted[each.kept_url] = each.rate.numerator
                wanted[each.missed_url] = each.rate.missed
            for url, count in wanted.items():
                assert len(head.get(url).context["lines"]) == count, url


def test_what_is_overdue_from_before_has_a_line_of_its_own(mixed: None, head: Client, clock: Any) -> None:
    clock.advance(days=31)
    context = head.get(f"/reports/?since={Month.of(now())}").context
    first = context["rows"][0]
    assert (first.label, first.overdue, first.overdue == context["total"].overdue) == ("Earlier", 3, True)
    assert len(head.get(first.overdue_url).context["lines"]) == 3


def test_filters_stay_in_every_address(mixed: None, head: Client) -> None:
    body = head.get("/reports/?since=2026-08&until=2026-12&customer=C02&level=3&by=level").content
    inside = [parse_qs(urlsplit(link).query) for link in links(body) if "?" in link]
    assert inside
    assert all(found["customer"] == [BANK_B] for found in inside)
    assert all(found["since"][0] >= "2026-08" for found in inside)


@pytest.mark.parametrize("asked", ["figure=none&part=none", "part=overdue&figure=response", "cursor=x", "cursor=%00"])
def test_a_list_that_does_not_exist_is_the_first_one(mixed: None, head: Client, asked: str) -> None:
    assert head.get(f"/reports/records/?{asked}").status_code == 200


@pytest.mark.parametrize(
    ("figure", "part"), [(Figure.RESPONSE, RecordsPart.COUNTED), (Figure.RESOLUTION, RecordsPart.OVERDUE)]
)
def test_pages_of_a_list_follow_without_gap_or_repeat_and_back(mixed: None, figure: Figure, part: RecordsPart) -> None:
    copy_declarations(9)
    actor, at = staff(CHEN_HEAD), now()
    forth, cursor = [], ""
    while True:
        found = page(actor, figure, part, YEAR, at, cursor)
        forth.append([row.number for row in found.rows])
        if not (cursor := found.next):
            break
    assert sum(map(len, forth)) == found.counted == found.opened == len({one for rows in forth for one in rows})
    back = [forth[-1]]
    while cursor := found.previous:
        found = page(actor, figure, part, YEAR, at, cursor)
        back.append([row.number for row in found.rows])
    assert back[::-1] == forth


def test_no_page_costs_more_when_there_is_more(
    mixed: None, head: Client, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    paths = ["/reports/", "/reports/?by=customer", "/reports/records/", "/reports/records/?figure=response&part=missed"]
    for path in paths:
        head.get(path)
    few = [count_queries(lambda path=path: head.get(path)) for path in paths]
    copy_declarations(20)
    many = [count_queries(lambda path=path: head.get(path)) for path in paths]
    # With enough that is unsolved, what was solved late is not asked for.
    assert all(after <= before for after, before in zip(many, few, strict=True))
    assert max(few) <= STATEMENTS


def test_the_figures_are_counted_in_one_statement(mixed: None, count_queries: Any) -> None:
    actor, at = staff(FENG_AUDITOR), now()
    assert count_queries(lambda: cells(actor, YEAR, at)) == 1


def test_the_charts_have_a_table_and_load_their_script_only_here(mixed: None, head: Client) -> None:
    body = head.get("/reports/").content.decode()
    assert 'data-table="figures"' in body
    assert 'id="figures"' in body
    assert "vendor/echarts" in body
    assert "vendor/echarts" not in head.get("/records/").content.decode()
