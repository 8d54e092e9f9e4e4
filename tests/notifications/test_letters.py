"""Letters, whatever names and numbers hold, held to what a strict server refuses."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import Contact, Customer, Department, User
from base.clock import now
from notifications import wording
from notifications.models import Notification
from notifications.writing import letter, one_line
from tests.notifications.servers import fault

# What a header takes for its own signs, and what folds in between: more often than chance would bring it.
SIGNS = st.sampled_from(" ,.()<>@:;\"\\=?_'-\t\r\n\u2028\u202e中·éŌ𠮷👩") | st.characters(codec="utf-8")
NAMES = st.text(SIGNS, min_size=1, max_size=60)
NUMBERS = st.text(SIGNS, min_size=1, max_size=100)
ENCODED_WORD = "=?utf-8?q?=E6=9D=8E?="


def row(name: str, **values: Any) -> Notification:
    """A letter to somebody of that name, in no database."""
    person = User(name=name, email="liu@firm.example", language="zh-hans")
    data = {"created_at": now(), "threshold": 90, "data": {"level": 2}, "message_id": "1@desk.example", "repeats": 1}
    return Notification(**{"user": person, "event": "warning.resolution.90", "number": "SD-1"} | data | values)


def read(raw: bytes, name: str) -> str:
    """What a header says once its lines are joined and its encoded words read."""
    return str(make_header(decode_header(written(raw, name))))


def written(raw: bytes, name: str) -> str:
    return str(message_from_bytes(raw)[name]).replace("\r\n", "")


def mailboxes(raw: bytes, name: str) -> list[tuple[str, str]]:
    return [(str(make_header(decode_header(n))), address) for n, address in getaddresses([written(raw, name)])]


@given(name=NAMES, number=NUMBERS)
@example(name="::::::::::::::::::::éééé中中中中中 :", number="沈 亦舟 " * 12)
@example(name=":::::::::::::::éé中中中中", number="中" * 100)
@example(name="O'Brien, John (x) " * 3, number=" " * 100)
@example(name=ENCODED_WORD, number=ENCODED_WORD)
def test_a_letter_passes_a_strict_server_and_says_what_it_was_given(name: str, number: str) -> None:
    raw = letter(row(name, number=number))
    assert fault(raw) == ""
    assert mailboxes(raw, "To") == [(one_line(name), "liu@firm.example")]
    assert one_line(number) in read(raw, "Subject")


@given(name=NAMES.map(one_line))
@example(name=("Ōno, Ken " * 30).strip())
def test_the_sender_keeps_one_address(name: str) -> None:
    with override_settings(DEFAULT_FROM_EMAIL=f"{quoted(name)} <desk@desk.example>"):
        raw = letter(row("刘思远"))
    assert fault(raw) == ""
    assert mailboxes(raw, "From") == [(name, "desk@desk.example")]


def quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@given(text=st.text(SIGNS, min_size=1, max_size=3000))
@example(text="业" * 5000)
def test_the_words_to_a_customer_arrive_as_they_were_written(text: str) -> None:
    customer = Customer(name="示例银行", department=Department(name="一部"))
    contact = Contact(customer=customer, name="沈亦舟", email="shen@bank.example")
    raw = letter(row("", user=None, contact=contact, text=text))
    assert fault(raw) == ""
    body = message_from_bytes(raw).get_payload(decode=True)
    assert isinstance(body, bytes)
    assert text.replace("\n", "\r\n") in body.decode()


@pytest.mark.parametrize("event", sorted(wording.EVENTS))
def test_every_event_with_sixty_signs_in_every_header(settings: Any, event: str) -> None:
    settings.DEFAULT_FROM_EMAIL = f"{'台' * 60} <desk@desk.example>"
    assert fault(letter(row("沈" * 60, event=event, number="号" * 60))) == ""
