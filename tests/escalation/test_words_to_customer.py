"""Everything said to a customer stands on the record: its words, way, person and time (R-5.4.6-1, R-5.4.6-4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Contact
from base.clock import set_clock
from escalation.actions import warn
from escalation.actions.issued import IssuedWarnings, words_to_customer
from escalation.models import WarningRecipient
from incidents.actions import wait
from incidents.models import Communication, Declaration
from ledger.exceptions import Invalid
from ledger.verification import compare
from notifications.models import Notification
from record_form.queries import compose
from tests.escalation.sweeping import at, minor_in_progress, sweep_at
from tests.firm import CHEN_HEAD, LIU_DESK, TANG_BANK_B, client_of, person, staff
from tests.record_form.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]
HANDLER = LIU_DESK
EXPECTED = at("2026-11-23T18:00:00")
SAID = "配件未到，预计今晚六点前修好。"


def contact(**changes: str) -> Contact:
    found = Contact.objects.get(code=TANG_BANK_B)
    Contact.objects.filter(pk=found.pk).update(**changes)
    found.refresh_from_db()
    return found


def warn_by_hand(declaration: Declaration, **values: Any) -> Declaration:
    given = {"kind": "trend", "reason": "配件未到", "expected_at": EXPECTED, "letter": SAID, "contacts": [contact()]}
    with set_clock(at("2026-11-23T14:50:00")):
        return warn(declaration.pk, version=None, actor=staff(HANDLER), **{**given, **values})


def said(declaration: Declaration) -> list[tuple[str, str, str | None, str | None]]:
    """Way, words, by whom and to whom, without the first response of the scene."""
    rows = Communication.objects.filter(declaration=declaration, is_first_response=False)
    return list(rows.values_list("way", "text", "by__employee_number", "contact__code"))


def shown(declaration: Declaration, number: str = HANDLER) -> tuple[str, list[dict[str, Any]]]:
    """The record's page, and the communications as the interface tells them."""
    client = client_of(number, headers={"accept-language": "zh-hans"})
    with set_clock(at("2026-11-23T15:20:00")):
        page = client.get(f"/records/{declaration.number}/").content.decode()
        return page, client.get(f"/api/v1/declarations/{declaration.number}/").json()["communications"]


def test_what_the_desk_writes_by_itself_stands_on_the_record_as_it_goes_out() -> None:
    declaration = minor_in_progress()
    sweep_at("2026-11-23T15:18:00")
    mail = Notification.objects.get(channel="email", contact__code=TANG_BANK_B)
    assert said(declaration) == [("email", mail.text, None, TANG_BANK_B)]
    assert declaration.number in mail.text
    declaration.refresh_from_db()
    form = compose(declaration)
    assert [mail.text in words(form, row) for row in (43, 44)] == [True, True]
    assert "系统" in words(form, 43)
    page, told = shown(declaration)
    assert mail.text in page
    assert [(each["by"], each["text"]) for each in told if each["by"] is None] == [(None, mail.text)]
    assert compare(declaration) is None


def test_a_round_that_crosses_two_shares_writes_to_the_customer_once() -> None:
    declaration = minor_in_progress()
    sweep_at("2026-11-23T15:40:00")
    assert len(said(declaration)) == 1
    assert Notification.objects.filter(channel="email", contact__isnull=False).count() == 1


def test_whom_no_mail_reaches_is_not_said_to_be_warned() -> None:
    declaration = minor_in_progress()
    contact(email="")
    sweep_at("2026-11-23T15:18:00")
    declaration.refresh_from_db()
    assert (said(declaration), declaration.customer_warned_at) == ([], None)
    assert not WarningRecipient.objects.filter(contact__isnull=False).exists()


def test_a_letter_by_hand_stands_there_with_its_author() -> None:
    declaration = warn_by_hand(minor_in_progress())
    assert said(declaration) == [("email", SAID, HANDLER, TANG_BANK_B)]
    assert Notification.objects.get(channel="email", contact__code=TANG_BANK_B).text == SAID
    form = compose(declaration)
    assert [SAID in words(form, row) for row in (43, 44)] == [True, True]
    page, told = shown(declaration)
    assert SAID in page
    assert (told[-1]["by"], told[-1]["way"], told[-1]["text"]) == (HANDLER, "email", SAID)


ASKED = "请提供 3 月批次号"


def asked(**values: Any) -> Declaration:
    declaration = minor_in_progress()
    with set_clock(at("2026-11-23T14:50:00")):
        wait(declaration.pk, version=None, actor=staff(HANDLER), awaits=ASKED, basis="今日电话", **values)
    declaration.refresh_from_db()
    return declaration


def test_what_is_asked_while_waiting_stands_there_with_way_person_and_time() -> None:
    declaration = asked(asked_by="email", contact=contact())
    assert said(declaration) == [("email", ASKED, HANDLER, TANG_BANK_B)]
    assert Communication.objects.filter(declaration=declaration).last().at == at("2026-11-23T14:50:00")
    assert declaration.communicated_at == at("2026-11-23T14:50:00")
    row = next(line for line in words(compose(declaration), 43).split(" | ") if ASKED in line)
    assert row == ASKED
    page, told = shown(declaration)
    assert f"邮件告知{contact().name}：{ASKED}" in page
    assert (told[-1]["by"], told[-1]["way"], told[-1]["contact"], told[-1]["text"]) == (
        HANDLER,
        "email",
        TANG_BANK_B,
        ASKED,
    )
    assert compare(declaration) is None


def test_asked_by_no_named_means_it_was_the_usual_one_and_the_person_of_the_record() -> None:
    assert said(asked()) == [("phone", ASKED, HANDLER, TANG_BANK_B)]


def test_whom_no_register_knows_is_named_as_the_caller() -> None:
    declaration = minor_in_progress()
    Declaration.objects.filter(pk=declaration.pk).update(contact=None, caller_name="沈主管")
    with set_clock(at("2026-11-23T14:50:00")):
        wait(declaration.pk, version=None, actor=staff(HANDLER), awaits=ASKED, basis="今日电话", asked_by="chat")
    row = Communication.objects.filter(declaration=declaration).last()
    assert (row.way, row.to, row.contact) == ("chat", "沈主管", None)


def words_are_kept(declaration: Declaration, text: str) -> None:
    """Every word to the customer stands on the record: as a contact, on the form, on the page and at the interface."""
    assert [row for row in said(declaration) if row[1] == text]
    assert text in words(compose(declaration), 43)
    page, told = shown(declaration)
    assert text in page
    assert text in [each["text"] for each in told]


# Each word to the customer, and the fence without which it would be said and not be written down.
SPOKEN: dict[str, tuple[Callable[[], Declaration], str, str]] = {
    "asked while waiting": (lambda: asked(asked_by="email"), ASKED, "incidents.actions.waiting.ask"),
    "warned by hand": (lambda: warn_by_hand(minor_in_progress()), SAID, "escalation.actions.warnings.tell"),
}


@pytest.mark.parametrize("name", SPOKEN)
def test_every_word_to_the_customer_is_kept(name: str) -> None:
    made, text, _fence = SPOKEN[name]
    words_are_kept(made(), text)


@pytest.mark.parametrize("name", SPOKEN)
def test_without_its_fence_a_word_to_the_customer_is_lost_and_seen_to_be(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, text, fence = SPOKEN[name]
    monkeypatch.setattr(fence, lambda *_given, **_named: None)
    declaration = made()
    with pytest.raises(AssertionError):
        words_are_kept(declaration, text)


def test_a_letter_of_the_desk_itself_that_was_only_mailed_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_mailed(given: IssuedWarnings, _change: Any, at: Any) -> None:
        given.letter = words_to_customer(given.declaration.number, given.clock.due_at, at)

    monkeypatch.setattr(IssuedWarnings, "write_to_customer", only_mailed)
    declaration = minor_in_progress()
    sweep_at("2026-11-23T15:18:00")
    mail = Notification.objects.get(channel="email", contact__code=TANG_BANK_B)
    with pytest.raises(AssertionError):
        words_are_kept(declaration, mail.text)


def test_what_was_said_by_phone_stands_there_and_no_mail_goes_out() -> None:
    declaration = warn_by_hand(minor_in_progress(), way="phone", contacts=[contact(email="")])
    assert said(declaration) == [("phone", SAID, HANDLER, TANG_BANK_B)]
    assert not Notification.objects.filter(channel="email").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"letter": " "}, "letter"),
        ({"contacts": [], "staff": CHEN_HEAD}, "contacts"),
        ({"way": "smoke"}, "way"),
        ({"expected_at": None}, "expected_at"),
        ({"expected_at": at("2026-11-23T14:00:00")}, "expected_at"),
    ],
)
def test_a_warning_that_says_too_little_is_refused_at_its_field(given: dict[str, Any], field: str) -> None:
    declaration = minor_in_progress()
    given = {name: [person(value)] if name == "staff" else value for name, value in given.items()}
    with pytest.raises(Invalid) as refused:
        warn_by_hand(declaration, **given)
    assert list(refused.value.errors) == [field]
    assert said(declaration) == []


def test_a_mail_to_nobody_is_refused_with_the_name() -> None:
    declaration = minor_in_progress()
    with pytest.raises(Invalid) as refused:
        warn_by_hand(declaration, contacts=[contact(email="")])
    assert contact().name in str(refused.value.errors["contacts"])


def test_without_a_new_time_a_trend_is_refused_on_page_and_interface_too() -> None:
    declaration = minor_in_progress()
    values = {"kind": "trend", "reason": "配件未到", "contacts": [TANG_BANK_B], "letter": SAID}
    client = client_of(HANDLER, headers={"accept-language": "en"})
    with set_clock(at("2026-11-23T14:50:00")):
        page = client.post(f"/records/{declaration.number}/do/warn/", {**values, "version": declaration.version})
        answer = client.post(
            f"/api/v1/declarations/{declaration.number}/warn/",
            values,
            content_type="application/json",
            headers={"if-match": f'"{declaration.version}"'},
        )
    assert (page.status_code, answer.status_code) == (422, 422)
    assert "until when you now expect" in page.content.decode()
    assert list(answer.json()["errors"]) == ["expected_at"]


def test_the_first_words_of_a_person_are_the_first_response() -> None:
    declaration = minor_in_progress()
    Declaration.objects.filter(pk=declaration.pk).update(first_response_at=None)
    warned = warn_by_hand(declaration)
    assert warned.first_response_at == at("2026-11-23T14:50:00")
    assert Communication.objects.filter(declaration=declaration).last().is_first_response
