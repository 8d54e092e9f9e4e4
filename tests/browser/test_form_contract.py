"""One contract for every form of the desk: only a chosen way is sent, nothing typed is lost, a form counts once."""

from __future__ import annotations

from typing import Any

import pytest

from desk import sent_forms
from tests.browser.forms import Form, articles, bare_forms, customers, firm, pages, rooms, steps, tags, workbook
from tests.browser.forms.hand import Hand
from tests.browser.forms.trials import TRIALS, told, tried
from tests.browser.forms.twins import ALWAYS_THE_FILLED_ONE, NEVER_CLEARED, TWICE, led_away, replace_scripts
from tests.browser.people import Person
from tests.firm import CHEN_HEAD, LIU_DESK, person

pytestmark = [pytest.mark.browser, pytest.mark.forms]

STEPS = list(steps.forms())
DOZEN = 12
# Those of a room share one firm.
ROOMS = {
    **{f"steps from {STEPS[at].name} on": STEPS[at : at + DOZEN] for at in range(0, len(STEPS), DOZEN)},
    "pages": list(pages.forms()),
    "notifications": list(rooms.of_notifications()),
    "calendars": list(rooms.of_calendars()),
    "firm": list(firm.forms()),
    "review": list(rooms.of_the_review()),
    "signature": list(rooms.of_the_signature()),
    "customers": list(customers.forms()),
    "articles": list(articles.forms()),
    "workbook": list(workbook.forms()),
}
FORMS = [form for room in ROOMS.values() for form in room]


def test_every_form_of_the_desk_goes_by_the_contract() -> None:
    assert bare_forms() == []
    assert tags() == {form.tag for form in FORMS}
    assert {way for form in FORMS for way in form.without} <= set(TRIALS)


@pytest.fixture(autouse=True)
def _mail_leaves(settings: Any) -> None:
    """What can be sent by mail alone has a form of its own."""
    settings.OUTGOING, settings.EMAIL_HOST = True, "127.0.0.1"


class People:
    """Who is at a browser, each with one page for all forms."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.signed_in: dict[str, Person] = {}

    def at(self, number: str) -> Person:
        if number not in self.signed_in:
            self.signed_in[number] = self.office.person(person(number).username)
        return self.signed_in[number]

    def tries(self, form: Form) -> list[tuple[str, str]]:
        try:
            return list(tried(Hand(self.at(form.who), form)))
        except Exception as error:
            return [("opening", told(error))]


@pytest.mark.parametrize("room", ROOMS)
def test_a_form_is_sent_by_what_was_chosen_loses_nothing_and_counts_once(
    office: Any, room: str, record_property: Any
) -> None:
    people, found, count = People(office), [], 0
    for form in ROOMS[room]:
        results = people.tries(form)
        count += len(results)
        found += [f"{form.title} by {way}: {words}" for way, words in results if words]
    record_property("forms", len(ROOMS[room]))
    record_property("trials", count)
    office.complaints.clear()
    assert not found, "\n" + "\n".join(found)


def named(name: str, who: str = LIU_DESK) -> Form:
    return next(form for form in FORMS if (form.name, form.who) == (name, who))


def seen(office: Any, form: Form, scripts: dict[str, dict[str, str]]) -> dict[str, str]:
    """What the trials say of the form with those scripts."""
    people = People(office)
    replace_scripts(people.at(form.who).page, scripts)
    found = {way: words for way, words in people.tries(form) if words}
    office.complaints.clear()
    return found


def test_a_draft_that_is_never_cleared_is_seen(office: Any) -> None:
    found = seen(office, named("log_handling"), NEVER_CLEARED)
    assert "saved, and yet there is a draft" in found["session ended"]


def test_a_key_that_always_presses_the_filled_button_is_seen(office: Any) -> None:
    found = seen(office, named("decide", CHEN_HEAD), ALWAYS_THE_FILLED_ONE)
    assert "Ctrl+Enter on refuse sent not by choice=refuse" in found["Ctrl+Enter"] or (
        "Ctrl+Enter on refuse sent by choice=approve" in found["Ctrl+Enter"]
    )


def test_a_form_that_leaves_twice_is_seen(office: Any) -> None:
    found = seen(office, named("log_handling"), TWICE)
    assert "a double click sent 2 times" in found["double send"]


def test_a_request_that_leads_away_to_the_sign_in_is_seen(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_forms, "_in_place", led_away)
    found = seen(office, named("log_handling"), {})
    assert "nobody was told of the session, at http" in found["session ended"]
    assert "/sign-in/" in found["session ended"]
