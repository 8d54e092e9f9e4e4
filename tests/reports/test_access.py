"""Who reads which figures, and that no figure and no list gives away what the record page would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from incidents import actions
from ledger.exceptions import NotPermitted
from reports.access import may_read, require_read
from reports.figures import Figure
from reports.queries.records import RecordsPart
from reports.words import PARTS
from tests.firm import (
    BROKER_E,
    CHEN_HEAD,
    FANG_BROKER_E,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HE_RISK,
    LIN_HEAD,
    LIU_DESK,
    SUN_DESK,
    WANG_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
    caller,
    client_of,
    staff,
)
from tests.reports.reading import numbers, rate, total
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
# Reader, what it is, whether there are figures, and how many of the two departments' records below they count.
READERS = [
    (CHEN_HEAD, "head of the first department", True, 2),
    (LIN_HEAD, "head of the second department", True, 1),
    (ZHOU_HEAD, "head of another department", True, 0),
    (WANG_DESK, "desk of other customers, duty desk of the first department", True, 1),
    (LIU_DESK, "desk of the customer", True, 1),
    (SUN_DESK, "desk of the second customer, custodian", True, 1),
    (ZHENG_CUSTODIAN, "custodian", False, 0),
    (HE_RISK, "risk control, security officer", False, 0),
    (FENG_AUDITOR, "auditor", True, 3),
    (XU_SALES, "sales, complaint owner", False, 0),
    (GAO_MANAGEMENT, "management", True, 3),
]
PAGES = ["/reports/", "/reports/?by=customer", "/reports/records/", "/reports/records/?figure=response&part=missed"]


@pytest.fixture
def three(scene: Scene) -> list[str]:
    """A record of each of two departments, and one of an unknown caller in the first."""
    other = Scene(customer=BROKER_E, desk=SUN_DESK, contact=FANG_BROKER_E).accepted()
    unknown = Scene(desk=WANG_DESK).accepted(contact=None, caller_name="路人", caller_phone="13700000000")
    return [scene.accepted().number, other.number, unknown.number]


@pytest.mark.parametrize(("reader", "what", "may", "counted"), READERS)
def test_each_role_reads_its_own_figures(three: list[str], reader: str, what: str, may: bool, counted: int) -> None:
    assert may_read(staff(reader)) is may
    assert total(reader).response == rate(counted, counted)
    browser = client_of(reader)
    assert {browser.get(path).status_code for path in PAGES} == ({200} if may else {403})
    # The navigation leads there whoever may go, and nobody else.
    assert (b'class="nav-item" href="/reports/"' in browser.get("/procedure/").content) is may


def test_nobody_reads_without_signing_in(scene: Scene) -> None:
    for path in PAGES:
        response = Client().get(path)
        assert (response.status_code, response.url.partition("?")[0]) == (302, "/sign-in/")


def test_a_contact_has_no_figures(scene: Scene) -> None:
    scene.accepted()
    assert not may_read(caller(scene.contact))
    with pytest.raises(NotPermitted):
        require_read(caller(scene.contact))
    assert total(caller(scene.contact)).response == rate(0, 0)


@pytest.mark.parametrize(
    ("reader", "counted", "listed"),
    [(CHEN_HEAD, 1, 1), (LIU_DESK, 1, 1), (LIN_HEAD, 0, 0), (FENG_AUDITOR, 0, 0), (GAO_MANAGEMENT, 0, 0)],
)
def test_an_open_security_record_counts_only_for_who_may_open_it(
    scene: Scene, reader: str, counted: int, listed: int
) -> None:
    scene.handed_over(type="infosec", receiver=HE_RISK)
    assert total(reader).response == rate(counted, counted)
    assert len(numbers(Figure.RESPONSE, RecordsPart.COUNTED, reader)) == listed


def test_an_ended_security_record_counts_for_the_auditor_and_not_for_management(scene: Scene) -> None:
    made = scene.handed_over(type="infosec", receiver=HE_RISK)
    made = scene.do(actions.receive_handover, made, HE_RISK)
    scene.do(actions.complete_handover, made, HE_RISK, reference="XX-1", result="已处置")
    assert (total(FENG_AUDITOR).response, total(GAO_MANAGEMENT).response) == (rate(1, 1), rate(0, 0))


@pytest.mark.parametrize(("reader", "shown"), [(CHEN_HEAD, True), (FENG_AUDITOR, False), (GAO_MANAGEMENT, False)])
def test_lists_show_what_the_reader_may_open_and_say_how_many_are_not_shown(
    scene: Scene, reader: str, shown: bool
) -> None:
    made = scene.in_progress().number
    assert total(reader).response == rate(1, 1)
    page = client_of(reader).get("/reports/records/?figure=response&part=counted", HTTP_ACCEPT_LANGUAGE="en")
    body = page.content.decode()
    assert (made in body) is shown
    assert ("1 of them you may not open" in body) is not shown


@pytest.mark.parametrize(
    ("reader", "shown", "words"),
    [
        (CHEN_HEAD, "4 records", ""),
        (FENG_AUDITOR, "2+ records", "The figure counts 4 records; those of them that you may not open are not in"),
    ],
)
def test_what_may_be_opened_is_counted_up_to_a_bound_where_it_is_not_all(
    scene: Scene, monkeypatch: Any, reader: str, shown: str, words: str
) -> None:
    scene.accepted()
    for _ in range(3):
        scene.withdrawn()
    monkeypatch.setattr("reports.queries.records.MOST", 2)
    monkeypatch.setattr("reports.views.listing.MOST", 2)
    page = client_of(reader).get("/reports/records/?figure=response&part=counted", HTTP_ACCEPT_LANGUAGE="en")
    body = page.content.decode()
    assert shown in body
    assert words in body
    assert ("you may not open" in body) is bool(words)


@pytest.mark.walks
@pytest.mark.parametrize("reader", [CHEN_HEAD, LIU_DESK, FENG_AUDITOR, GAO_MANAGEMENT])
def test_every_record_of_every_list_opens(scene: Scene, clock: Any, reader: str) -> None:
    for state in ("resolved", "filed", "in_progress", "withdrawn", "handover_done"):
        scene.at(state)
    clock.advance(days=60)
    scene.at("handed_over")
    browser = client_of(reader)
    found = {number for figure in Figure for part in PARTS[figure] for number in numbers(figure, part, reader)}
    assert found
    assert {browser.get(f"/records/{number}/").status_code for number in found} == {200}


def test_a_foreign_department_cannot_be_asked_for(scene: Scene) -> None:
    response = client_of(CHEN_HEAD).get("/reports/?department=D2")
    assert response.status_code == 422
    assert client_of(CHEN_HEAD).get("/reports/?customer=C05").status_code == 422


def test_the_system_counts_everything(three: list[str]) -> None:
    assert total(SYSTEM).response == rate(3, 3)
