"""A full disk is said in a sentence that tells what to do; real errors of both databases."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client
from django.utils.translation import override

from base import writes


def full_sqlite() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE one (words)")
        database.execute("PRAGMA max_page_count = 2")
        try:
            database.execute("INSERT INTO one VALUES (?)", ["x" * 100_000])
        except sqlite3.OperationalError as error:
            raise OperationalError(str(error)) from error


def full_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("an error of PostgreSQL")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$")


def full_file() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def locked() -> None:
    raise OperationalError("database is locked")


@pytest.fixture
def answer(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What a page answers that fails like that."""

    def answered(fail: Callable[[], None], path: str) -> Any:
        monkeypatch.setattr("config.middleware.SessionLimits.__call__", lambda self, request: fail())
        monkeypatch.setattr(writes, "_failed_at", writes._failed_at)
        with override("zh-hans"):
            return Client(raise_request_exception=False).post(path, headers={"Accept-Language": "zh-CN"})

    return answered


@pytest.mark.parametrize("fail", [full_sqlite, full_postgresql, full_file])
def test_people_are_told_what_to_do(answer: Callable[..., Any], fail: Callable[[], None]) -> None:
    told = answer(fail, "/sign-in/")
    assert told.status_code == 507
    assert "磁盘已满" in told.content.decode()
    assert "这一步没有保存任何内容" in told.content.decode()


@pytest.mark.parametrize("fail", [full_sqlite, full_postgresql, full_file])
def test_programs_are_told_in_their_form(answer: Callable[..., Any], fail: Callable[[], None]) -> None:
    told = answer(fail, "/api/declarations/")
    assert (told.status_code, told["Content-Type"]) == (507, "application/problem+json")
    assert told.json()["code"] == "disk_full"


def test_another_failure_is_not_blamed_on_the_disk(answer: Callable[..., Any]) -> None:
    assert answer(locked, "/sign-in/").status_code == 500
    assert not writes.is_full(DatabaseError("database or disk is full, somebody wrote"))
