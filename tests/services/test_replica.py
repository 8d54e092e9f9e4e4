"""Lists, reports and search from a real hot standby: one's own writes at once, how old a page is, and no standby."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import replica
from config.replica import PAGES, PRIMARY, REPLICA
from config.stores import replica_settings
from tests.firm import LIU_DESK, client_of, open_firm
from tests.scenes import MONDAY, Scene
from tests.services.racing import on_a_server
from tests.services.standby import Standby, standby_of
from tests.waiting import until

pytestmark = [
    pytest.mark.services,
    on_a_server,
    pytest.mark.django_db(transaction=True, databases=["default", "replica"]),
]
ADDRESSES = {"records": "/records/", "command": "/command/?q=对账", "reports": "/reports/"}
A_MOMENT, LONG = timedelta(milliseconds=1), timedelta(days=1)


@pytest.fixture(scope="module", autouse=True)
def server(django_db_setup: None) -> Iterator[Standby]:
    """One for all tests of the module, which the desk knows."""
    # Not below the folders of pytest, which the owner of the server may not enter.
    folder = Path(tempfile.mkdtemp())
    with suppress(LookupError, PermissionError):
        shutil.chown(folder, "postgres")
    try:
        with standby_of(folder, os.environ["DATABASE_URL"]) as running:
            there = {"HOST": "127.0.0.1", "PORT": running.port}
            connections.settings[REPLICA] = replica_settings(connection.settings_dict, there)
            yield running
    finally:
        connections.settings.pop(REPLICA, None)
        shutil.rmtree(folder)


@pytest.fixture
def standby(server: Standby, clock: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standby]:
    """It has the firm with a record, and follows."""
    clock.set(MONDAY)
    open_firm()
    Scene().in_progress()
    # No beats write meanwhile: any page that lacks something is old.
    monkeypatch.setattr(replica, "TOLD", A_MOMENT)
    monkeypatch.setattr(replica, "OLDEST", LONG)
    server.follow(replica._place())
    yield server
    connections[REPLICA].close()


def asked_there(browser: Client, path: str) -> int:
    """How many statements a page sent to the standby, besides the one that asks how far it is."""
    with CaptureQueriesContext(connections[REPLICA]) as captured:
        assert browser.get(path).status_code == 200
    return len(captured) - 1


def written(record_subject: str) -> None:
    """Another person logs a call."""
    Scene().accepted(subject=record_subject)


@pytest.mark.parametrize("page", ADDRESSES)
def test_its_pages_are_read_there_and_their_rights_here(standby: Standby, page: str) -> None:
    browser = client_of(LIU_DESK)
    standby.follow(replica._place())
    with CaptureQueriesContext(connection) as here:
        assert asked_there(browser, ADDRESSES[page]) > 0
    tables = " ".join(each["sql"] for each in here)
    assert "accounts_rolegrant" in tables
    assert "incidents_declaration" not in tables


def test_every_other_page_is_read_here(standby: Standby) -> None:
    browser = client_of(LIU_DESK)
    with CaptureQueriesContext(connections[REPLICA]) as captured:
        assert browser.get("/").status_code == 200
    assert len(captured) == 0


def test_a_page_that_is_behind_says_as_of_when_and_others_writes_come_later(
    standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of(LIU_DESK)
    standby.follow(replica._place())
    standby.replay(goes_on=False)
    try:
        written("补寄回执单")
        page = browser.get("/records/").content.decode()
        assert ("补寄回执单" in page, "This page is as of" in page) == (False, True)
    finally:
        standby.replay(goes_on=True)
    # Other databases of this server write meanwhile, so the standby lacks something now and then, but nothing old.
    monkeypatch.setattr(replica, "TOLD", timedelta(seconds=15))

    def is_new() -> bool:
        page = browser.get("/records/").content.decode()
        return "补寄回执单" in page and "This page is as of" not in page

    until(is_new, seconds=60, what="the record without a notice")


def test_ones_own_writes_are_read_at_once(standby: Standby) -> None:
    browser = client_of(LIU_DESK)
    standby.replay(goes_on=False)
    try:
        browser.post("/records/views/", {"name": "我的视图", "query": "view=all"})
        assert browser.cookies[replica.COOKIE].value > "0/0"
        page = browser.get("/records/").content.decode()
        assert ("我的视图" in page, "This page is as of" in page) == (True, False)
    finally:
        standby.replay(goes_on=True)


def test_one_that_is_far_behind_is_not_asked(standby: Standby, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = client_of(LIU_DESK)
    standby.follow(replica._place())
    standby.replay(goes_on=False)
    try:
        written("补寄回执单")
        monkeypatch.setattr(replica, "OLDEST", A_MOMENT)
        assert "补寄回执单" in browser.get("/records/").content.decode()
    finally:
        standby.replay(goes_on=True)


def test_one_that_claims_to_be_ahead_is_asked_no_longer_than_one_that_is_behind(
    standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on with what was before, while the desk begins anew on another server."""
    browser = client_of(LIU_DESK)
    standby.follow(replica._place())
    standby.replay(goes_on=False)
    try:
        written("补寄回执单")
        monkeypatch.setattr(replica, "OLDEST", A_MOMENT)
        monkeypatch.setattr(replica, "_place", lambda: "0/1")
        assert "补寄回执单" in browser.get("/records/").content.decode()
    finally:
        standby.replay(goes_on=True)


def test_one_that_stands_still_costs_a_page_some_seconds(standby: Standby) -> None:
    browser = client_of(LIU_DESK)
    # As after each page of a web server, since CONN_MAX_AGE is 0.
    connections[REPLICA].close()
    with standby.frozen():
        assert browser.get("/records/").status_code == 200
    assert connections[REPLICA].settings_dict["CONN_MAX_AGE"] == 0


def test_one_that_is_away_costs_no_page_and_is_left_alone_for_a_while(
    standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "LEFT_ALONE", 600)
    browser = client_of(LIU_DESK)
    standby.stop()
    try:
        for path in ADDRESSES.values():
            assert browser.get(path).status_code == 200
    finally:
        standby.start()
    assert asked_there(browser, "/records/") == -1
    # It knows how old it is once it has replayed what came since it started, such as this.
    another = client_of(LIU_DESK)
    until(lambda: asked_there(another, "/records/") > 0, seconds=30, what="a page from the standby")


def test_one_that_fails_amid_a_page_costs_no_page(standby: Standby, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at it goes well; the page itself would need something that it refuses."""
    browser = client_of(LIU_DESK)
    standby.follow(replica._place())
    connections[REPLICA].execute_wrappers.append(refused_but_for_the_look)
    try:
        page = browser.get("/records/")
    finally:
        connections[REPLICA].execute_wrappers.clear()
    assert (page.status_code, page.wsgi_request.as_of) == (200, None)
    assert connections[PRIMARY].alias == PRIMARY


def refused_but_for_the_look(execute: Any, sql: str, *arguments: Any) -> Any:
    return execute(sql if "replayed" in sql else "CREATE TABLE written (one int)", *arguments)


def test_every_page_that_is_named_here_is_one_that_only_reads() -> None:
    assert set(PAGES) == {*ADDRESSES, "reports-records"}
