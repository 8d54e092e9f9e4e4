"""The figures for programs: the same numbers as on the page, for the same readers."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiToken
from tests.firm import (
    BANK_B,
    BROKER_E,
    CHEN_HEAD,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HE_RISK,
    LIU_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/reports/sla/"
ALL = {"numerator": 1, "denominator": 1, "percent": 100.0}
NOTHING = {"numerator": 0, "denominator": 0, "percent": None}


def test_a_program_reads_the_whole_and_its_lines(scene: Any, call_as: Any) -> None:
    scene.resolved()
    found = call_as(CHEN_HEAD).get(ADDRESS, {"since": "2026-10", "until": "2026-11"}).json()
    whole = {"resolution": ALL, "response": ALL, "attainment": ALL, "overdue": 0}
    empty = {"resolution": NOTHING, "response": NOTHING, "attainment": NOTHING, "overdue": 0}
    assert (found["since"], found["until"], found["by"]) == ("2026-10", "2026-11", "month")
    assert found["total"] == whole
    assert found["lines"] == [
        {"key": "2026-10", "name": "2026-10", **empty},
        {"key": "2026-11", "name": "2026-11", **whole},
    ]


@pytest.mark.parametrize(("by", "key"), [("department", "D1"), ("customer", BANK_B), ("level", "3")])
def test_a_program_divides_and_narrows(scene: Any, call_as: Any, by: str, key: str) -> None:
    scene.resolved()
    client = call_as(LIU_DESK)
    assert [line["key"] for line in client.get(ADDRESS, {"by": by}).json()["lines"]] == [key]
    assert client.get(ADDRESS, {by: key}).json()["total"]["resolution"] == ALL
    assert client.get(ADDRESS, {"level": "1"}).json()["total"]["resolution"] == NOTHING


@pytest.mark.parametrize(
    ("reader", "status"),
    [
        (CHEN_HEAD, 200),
        (LIU_DESK, 200),
        (FENG_AUDITOR, 200),
        (GAO_MANAGEMENT, 200),
        (ZHENG_CUSTODIAN, 403),
        (HE_RISK, 403),
        (XU_SALES, 403),
    ],
)
def test_the_roles_that_read_the_page_read_the_figures(scene: Any, call_as: Any, reader: str, status: int) -> None:
    assert call_as(reader, ApiToken.Scope.READ).get(ADDRESS).status_code == status


def test_strangers_are_sent_away(scene: Any) -> None:
    assert APIClient().get(ADDRESS).status_code == 401


@pytest.mark.parametrize(
    "asked", [{"since": "yesterday"}, {"level": "5"}, {"customer": BROKER_E}, {"colour": "red"}, {"by": "handler"}]
)
def test_what_cannot_be_asked_is_named(scene: Any, call_as: Any, asked: dict[str, str]) -> None:
    answer = call_as(LIU_DESK).get(ADDRESS, asked)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, list(asked))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_figures_are_only_read(scene: Any, call_as: Any, method: str) -> None:
    assert getattr(call_as(CHEN_HEAD), method)(ADDRESS).status_code == 405
