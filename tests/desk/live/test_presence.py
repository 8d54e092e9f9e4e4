"""Who writes on a record is named to the others who have it open, for as long as they are there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError

from base.clock import now
from desk.live.presence import LIFE, MOST, TABS, present
from incidents.models import Declaration
from tests.desk.live.asking import OpenPage
from tests.firm import CHEN_HEAD, LIU_DESK, ZHAO_DESK, client_of, person
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]
WRITES = {"Live-Writes": "1"}


@pytest.fixture(autouse=True)
def _nobody_yet() -> None:
    cache.clear()


@pytest.fixture
def record() -> Declaration:
    return Scene().in_progress()


def opened(number: str, record: Declaration, **options: Any) -> OpenPage:
    return OpenPage(number, f"/records/{record.number}/", **options)


def test_who_writes_is_named_to_the_other_and_not_to_oneself(record: Declaration) -> None:
    desk, head = opened(LIU_DESK, record), opened(CHEN_HEAD, record)
    assert desk.hears(**WRITES) == {}
    assert head.hears()["writing"] == [person(LIU_DESK).name]
    assert desk.hears(**WRITES) == {"page": False, "frame": False, "shared": True, "writing": []}
    assert desk.hears(**WRITES) == {}


def test_who_only_reads_is_not_named(record: Declaration) -> None:
    desk, head = opened(LIU_DESK, record), opened(CHEN_HEAD, record)
    desk.hears()
    assert head.hears() == {"page": False, "frame": False, "shared": True, "writing": []}


def test_who_stops_writing_is_named_no_longer(record: Declaration) -> None:
    desk, head = opened(LIU_DESK, record), opened(CHEN_HEAD, record)
    desk.hears(**WRITES)
    head.hears()
    desk.hears()
    assert head.hears()["writing"] == []


def test_who_has_gone_is_forgotten(record: Declaration, clock: Any) -> None:
    desk, head = opened(LIU_DESK, record), opened(CHEN_HEAD, record)
    desk.hears(**WRITES)
    head.hears()
    clock.advance(seconds=LIFE - 1)
    assert head.hears() == {}
    clock.advance(seconds=1)
    assert head.hears() == {"page": False, "frame": False, "shared": False, "writing": []}


def test_the_page_that_writes_counts_whatever_other_pages_of_that_person_do(record: Declaration) -> None:
    client = client_of(LIU_DESK)
    writing, reading = (opened(LIU_DESK, record, client=client, tab=tab) for tab in ("one", "two"))
    writing.hears(**WRITES)
    reading.hears()
    assert opened(CHEN_HEAD, record).hears()["writing"] == [person(LIU_DESK).name]


def test_who_may_not_see_the_record_is_told_of_nobody(record: Declaration, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(LIU_DESK, record).hears(**WRITES)
    foreign = client_of(ZHAO_DESK)
    assert foreign.get(f"/records/{record.number}/").status_code == 404
    desk = opened(CHEN_HEAD, record)
    monkeypatch.setattr("desk.live.queries.record_of", lambda actor, key: False)
    answer = desk.ask(**WRITES)
    assert (answer.status_code, answer.content) == (404, b"")
    assert len(cache.get(f"live-{record.pk}")) == 1


def test_another_record_knows_nothing_of_it(record: Declaration) -> None:
    opened(LIU_DESK, record).hears(**WRITES)
    assert opened(CHEN_HEAD, Scene().in_progress()).hears() == {}


@pytest.mark.parametrize("tab", ["", "a" * 17, "a b", "<script>", "\u00e9"])
def test_a_page_without_a_proper_name_is_not_kept(record: Declaration, tab: str) -> None:
    opened(LIU_DESK, record, tab=tab).hears(**WRITES)
    assert cache.get(f"live-{record.pk}") is None


def test_of_one_record_only_so_many_pages_are_kept(record: Declaration) -> None:
    kept = {f"{100 + one}-a": (100 + one, "同事", now().timestamp(), False) for one in range(MOST)}
    cache.set(f"live-{record.pk}", kept, 20)
    present(record.pk, person(LIU_DESK), tab="a", writes=True)
    assert cache.get(f"live-{record.pk}") == kept


def test_the_many_pages_of_one_person_leave_room_for_others(record: Declaration) -> None:
    for tab in range(MOST):
        present(record.pk, person(LIU_DESK), tab=str(tab), writes=False)
    assert len(cache.get(f"live-{record.pk}")) == TABS
    assert f"{person(LIU_DESK).pk}-{MOST - 1}" in cache.get(f"live-{record.pk}")
    present(record.pk, person(CHEN_HEAD), tab="a", writes=True)
    assert present(record.pk, person(LIU_DESK), tab="a", writes=False).writing == (person(CHEN_HEAD).name,)


def test_no_text_and_nothing_of_the_form_is_kept(record: Declaration) -> None:
    opened(LIU_DESK, record).hears(**WRITES)
    [kept] = cache.get(f"live-{record.pk}").values()
    assert [type(part) for part in kept] == [int, str, float, bool]


def test_without_the_cache_everything_else_goes_on(record: Declaration, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise RedisError

    monkeypatch.setattr("desk.live.presence.cache.get", away)
    assert opened(LIU_DESK, record).ask(**WRITES).status_code == 204
