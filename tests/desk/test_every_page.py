"""Every page of the desk as everybody who has a role gets it, after all that can be told has been told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from base.clock import set_clock
from notifications import wording
from tests import scenes
from tests.desk.walk import EVERYBODY, Firm, Page, addresses, only_answers, walk
from tests.firm import LIU_DESK, client_of

# An element that holds nothing but what Django or Python calls it.
UNWORDED = re.compile(r">\s*(-{9}|True|False|None)\s*<")
# Within what a person reads: the name of a value, field or event as the program has it.
NO_TEXT = re.compile(r"<(script|style|textarea|code)\b.*?</\1>|<!--.*?-->", re.S)
PROGRAMMED = re.compile(r">[^<>]*?\b([a-z]+(?:_[a-z]+)+)\b[^<>]*(?=<)")
# The browser would drop the rest of a text without a word; longest.js counts and the form refuses instead.
CUTTING = re.compile(r"<(?:input|textarea)\b[^>]*\smaxlength=[^>]*>")
pytestmark = [pytest.mark.django_db, pytest.mark.walks]
# An absence, a robot, a kept mail, a recount, a file, an annex and an import: nobody made one here; their rooms have
# tests of their own.
NEVER_THERE = {
    "my/absences/<int:key>/decline/",
    "settings/channels/<int:bot_id>/",
    "settings/channels/<int:bot_id>/tested/",
    "settings/outbox/<int:key>/",
    "settings/deadlines/<int:key>/",
    "settings/setup/workbook/<int:key>/",
    "settings/setup/workbook/<int:key>/progress/",
    "settings/setup/workbook/<int:key>/marked/",
    "settings/setup/workbook/<int:key>/rows/<str:sheet>/<int:row>/",
    "records/<str:number>/files/<int:key>/",
    "records/<str:number>/files/<int:key>/preview/",
    "records/<str:number>/annexes/<int:key>/",
}


@pytest.fixture(scope="module")
def busy(firm: None) -> Iterator[Firm]:
    """The firm on a day on which everything happened, made once for the module."""
    with transaction.atomic(), set_clock(scenes.MONDAY):
        yield Firm.busy()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def pages(busy: Firm, django_db_blocker: Any) -> list[Page]:
    """What everybody got everywhere."""
    with django_db_blocker.unblock(), transaction.atomic(), set_clock(scenes.MONDAY), only_answers():
        return walk(busy, EVERYBODY)


def test_no_page_of_anybody_fails(pages: list[Page]) -> None:
    assert [(page.who, page.path, page.status) for page in pages if page.status >= 500] == []


def test_the_walk_opens_every_address_for_somebody(pages: list[Page], busy: Firm) -> None:
    opened = {page.path for page in pages if page.status not in (403, 404)}
    closed = {address for address in addresses() if not opened & set(busy.paths(address, busy.numbers))}
    assert closed == NEVER_THERE


def test_no_page_shows_a_dash_row_or_a_value_of_the_program(pages: list[Page]) -> None:
    assert [(page.who, page.path, found) for page in pages for found in UNWORDED.findall(page.text)] == []
    assert UNWORDED.findall("<option>---------</option><dd>True</dd>") == ["---------", "True"]


def test_no_page_shows_a_name_of_the_program(pages: list[Page]) -> None:
    shown = [(page.path, found) for page in pages for found in PROGRAMMED.findall(NO_TEXT.sub("", page.text))]
    assert sorted(set(shown)) == []
    assert PROGRAMMED.findall("<td>原因：not_service_related</td>") == ["not_service_related"]


def test_no_page_lets_the_browser_cut_off_what_is_pasted(pages: list[Page]) -> None:
    assert [(page.path, found) for page in pages for found in CUTTING.findall(page.text)] == []
    assert CUTTING.findall('<input name="subject" maxlength="200">')


def test_every_event_that_has_words_is_shown_in_the_bell(busy: Firm) -> None:
    with set_clock(scenes.MONDAY):
        client, address, shown = client_of(LIU_DESK), reverse("notifications"), set()
        while address:
            context = client.get(address).context
            shown |= {each["line"].event for each in context["lines"]}
            address = context["next_url"] and reverse("notifications") + context["next_url"]
    assert shown >= set(wording.EVENTS)


def test_a_day_that_could_not_be_told_would_be_seen(busy: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "moment", wording.parse_datetime)
    with set_clock(scenes.MONDAY), pytest.raises((TypeError, ValueError)):
        client_of(LIU_DESK).get(reverse("notifications"))


def test_the_menu_leads_to_the_own_password(pages: list[Page]) -> None:
    home = next(page for page in pages if page.path == "/" and page.who == LIU_DESK)
    assert f'href="{reverse("password-change")}"' in home.text
