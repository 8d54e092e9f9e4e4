"""Whichever way a search takes, it finds what the condition finds: by walking, by the index, or by both."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection

from accounts.actors import Actor
from base import paging
from incidents.models import Declaration, State
from incidents.queries import listing, searching
from incidents.queries.listing import SORTS, ListQuery, counts, listed
from incidents.queries.searching import search_condition
from search.actions import index
from tests.desk.copies import copy_declarations
from tests.firm import LIU_DESK, SUN_DESK, staff

pytestmark = pytest.mark.django_db
# In every record, in every second, in every tenth, in two, in one, in none; and two common ones that never meet.
WORDS = ("客户", "对账", "十分", "成双", "独一", "从无", "对账 错开", "客户 对账", "账 对")
PAGE = 5


@pytest.fixture
def many(scene) -> None:
    """Forty records of several states, whose words are thrown with a die."""
    for state in (State.ACCEPTED, State.IN_PROGRESS, State.HANDED_OVER, State.RESOLVED):
        scene.at(state)
    copy_declarations(times=9)
    chance = random.Random(3)
    for place, record in enumerate(Declaration.objects.order_by("pk")):
        second = chance.random() < 0.5
        words = ["客户", "对账" if second else "错开"]
        words += ["十分"] * (chance.random() < 0.1) + ["成双"] * (place in (7, 34)) + ["独一"] * (place == 31)
        index("declaration", record.pk, title="", text="，".join(words), at=record.received_at)


@pytest.fixture(autouse=True)
def nothing_is_kept() -> Iterator[None]:
    """Statements are kept with the bounds that held when they were put together; here these are others."""
    for kept in (listing._first_of, listing._views_of):
        kept.cache_clear()
    yield
    for kept in (listing._first_of, listing._views_of):
        kept.cache_clear()


WAYS = [(1, 2, 1), (1, 9, 3), (6, 8, 2), (6, 30, 30), (30, 36, 5), (500, 600, 3000)]


# SQLite has one way only.
@pytest.fixture(params=WAYS if connection.vendor == "postgresql" else WAYS[-1:])
def bounds(request, monkeypatch) -> None:
    """How many are asked first and at most, and how many are few: every way is taken by one of these."""
    first, furthest, few = request.param
    monkeypatch.setattr(searching, "FIRST", first)
    monkeypatch.setattr(searching, "FURTHEST", furthest)
    monkeypatch.setattr(searching, "FEW", few)


def pages(actor: Actor, query: ListQuery) -> list[int]:
    """The keys of all pages as they follow, and as they lead back."""
    found = [listed(actor, query)]
    while found[-1].next:
        found.append(listed(actor, replace(query, cursor=found[-1].next)))
    back = [found[-1]]
    while back[-1].previous:
        back.append(listed(actor, replace(query, cursor=back[-1].previous)))
    assert [page.rows for page in reversed(back)] == [page.rows for page in found]
    return [row.pk for page in found for row in page.rows]


# One order with records that have no place in it, and one without.
@pytest.mark.parametrize("sort", ["due", "received"])
def test_every_way_finds_the_same_records_in_the_same_order(many, bounds, sort, monkeypatch):
    for each in (paging.page, paging.sieved, paging.first_rows, paging.first_page):
        monkeypatch.setitem(each.__kwdefaults__, "size", PAGE)
    monkeypatch.setattr(searching, "SIZE", PAGE)
    order = SORTS[sort].ordering()
    for number in (LIU_DESK, SUN_DESK):
        actor = staff(number)
        for narrowing in ({"view": "open"}, {"view": "all", "states": (State.RESOLVED,)}):
            seen = pages(actor, ListQuery(sort=sort, **narrowing))
            for word in WORDS:
                matching = Declaration.objects.filter(search_condition(word), pk__in=seen).order_by(*order)
                wanted = list(matching.values_list("pk", flat=True))
                query = ListQuery(q=word, sort=sort, **narrowing)
                assert pages(actor, query) == wanted, word
                assert counts(actor, query)["asked"] == len(wanted), word


def test_counts_of_every_way_stop_at_the_same_number(many, bounds, monkeypatch):
    monkeypatch.setattr(searching, "MOST", 20)
    monkeypatch.setattr(searching.first, "__defaults__", (20,))
    for word in WORDS:
        actual = Declaration.objects.filter(search_condition(word)).count()
        assert counts(staff(LIU_DESK), ListQuery(view="all", q=word))["asked"] == min(actual, 21)


def test_a_saved_view_with_words_counts_what_it_holds(many, bounds):
    saved = {word: ListQuery(view="all", q=word) for word in WORDS}
    found = counts(staff(LIU_DESK), ListQuery(), saved)
    assert {word: found[word] for word in WORDS} == {
        word: Declaration.objects.filter(search_condition(word)).count() for word in WORDS
    }
