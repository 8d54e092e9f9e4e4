"""E-mails, towards a real server on this machine."""

from __future__ import annotations

import socket
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import Header, decode_header, make_header
from email.utils import getaddresses
from typing import Any

import pytest
from django.utils import timezone

from accounts.actors import CHINA
from accounts.models import Contact, Department, Role, RoleGrant, User
from base.clock import now
from notifications import actions, wording, writing
from notifications.delivery import claims, mail, smtp
from notifications.delivery.claims import Result, claim, note
from notifications.delivery.unsent import stored_message
from notifications.models import Notification, Reason
from notifications.outcomes import Later, Sent
from tests.notifications.servers import MailSink

pytestmark = pytest.mark.django_db
Channel = Notification.Channel
Status = Notification.Status


@pytest.fixture(autouse=True)
def _in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


@pytest.fixture
def reader(user: User) -> User:
    user.email = "liu@firm.example"
    user.save()
    return user


@pytest.fixture
def caller(contact: Contact) -> Contact:
    contact.email = "shen@bank.example"
    contact.save()
    return contact


def send(*people: User | Contact, event: str = "warning.resolution.90", **changes: Any) -> list[Notification]:
    values: dict[str, Any] = {"stream": "declaration:1", "number": "SD-20261122-001", "data": {"level": 2}}
    actions.notify(event, recipients=people, threshold=90, channel=Channel.EMAIL, **values | changes)
    return list(Notification.objects.filter(channel=Channel.EMAIL).order_by("pk"))


def state(row: Notification) -> tuple[str, str]:
    row.refresh_from_db()
    return row.status, row.reason


def test_a_mail_is_sent_once_and_noted(mail_server: MailSink, reader: User) -> None:
    [row] = send(reader)
    assert actions.deliver_due(now()) == 1
    assert actions.deliver_due(now()) == 0
    assert state(row) == (Status.SENT, "")
    [mailed] = mail_server.mails
    assert mailed["To"] == "刘思远 <liu@firm.example>"
    assert mailed["Message-ID"] == f"<{row.message_id}>"
    assert mailed["Auto-Submitted"] == "auto-generated"
    assert mailed["X-Desk-Repeat"] is None
    assert "解决时间已用 90%" in mailed["Subject"]
    assert "/records/SD-20261122-001/" in mailed.get_content()


def test_what_is_held_is_not_sent_before_its_time(mail_server: MailSink, reader: User, clock: Any) -> None:
    clock.set(now())
    send(reader, held_until=now() + timedelta(hours=2))
    assert actions.deliver_due(now()) == 0
    clock.advance(hours=2)
    assert actions.deliver_due(now()) == 1


HAN = "买买提·吐尔逊沈亦舟" * 6


@pytest.mark.parametrize(
    "name",
    [HAN, "沈 亦舟 " * 15, "Ōno, " * 12, "O'Brien, John (x) " * 6],
    ids=["Han", "with blanks", "with commas", "plain"],
)
def test_every_letter_passes_a_strict_server_with_the_longest_names(
    mail_server: MailSink, reader: User, caller: Contact, settings: Any, name: str
) -> None:
    settings.DEFAULT_FROM_EMAIL = f"{name.replace(',', '，').replace('(', '').replace(')', '')} <desk@desk.example>"
    User.objects.update(name=name[:60])
    Contact.objects.update(name=name[:60])
    keys = sorted(wording.EVENTS)
    for key in keys:
        send(reader, caller, event=key, number=name[:100])
    actions.deliver_due(now())
    assert not Notification.objects.filter(channel=Channel.EMAIL).exclude(status=Status.SENT).exists()
    assert len(mail_server.mails) == 2 * len(keys)
    for raw in mail_server.raw:
        assert addresses(raw, "To")[0] in {
            (name[:60].strip(), each) for each in ("liu@firm.example", "shen@bank.example")
        }
        assert [address for _name, address in addresses(raw, "From")] == ["desk@desk.example"]
        assert " ".join(name[:100].split()) in header(raw, "Subject")


def header(raw: bytes, name: str) -> str:
    """What the header says. (The library's newer parser puts blanks between the encoded words of a name.)"""
    return str(make_header(decode_header(str(message_from_bytes(raw)[name]))))


def addresses(raw: bytes, name: str) -> list[tuple[str, str]]:
    found = getaddresses([str(message_from_bytes(raw)[name]).replace("\r\n", "")])
    return [(str(make_header(decode_header(name))), address) for name, address in found]


def test_a_strict_server_refuses_a_bare_line_feed(
    mail_server: MailSink, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_folded", lambda header, text: Header(text, "utf-8", header_name=header).encode())
    User.objects.update(name=HAN[:20])
    [row] = send(reader)
    assert actions.deliver_due(now()) == 0
    assert state(row) == (Status.DEAD, Reason.REFUSED)
    assert row.detail == "554 5.6.0 bare line end"


def test_many_mails_go_over_a_few_connections(mail_server: MailSink, reader: User) -> None:
    for cycle in range(1, 60):
        send(reader, cycle=cycle)
    assert actions.deliver_due(now()) == 59
    assert len(mail_server.mails) == 59
    assert mail_server.connections <= mail.THREADS + 1  # aiosmtpd counts one more at its start


def test_a_contact_reads_the_text_of_the_desk_and_nothing_internal(mail_server: MailSink, caller: Contact) -> None:
    send(caller, text="我们正在核对批次，预计 18:30 前解决。", data={"level": 1, "due_at": now()})
    actions.deliver_due(now())
    body = mail_server.mails[0].get_content()
    assert "沈亦舟，您好" in body
    assert "我们正在核对批次，预计 18:30 前解决。" in body
    assert "SD-20261122-001" in body
    for internal in ("http", "级别", "/records/"):
        assert internal not in body


def test_without_a_text_the_contact_is_told_by_when(mail_server: MailSink, caller: Contact) -> None:
    send(caller, data={"due_at": now() + timedelta(hours=2)})
    actions.deliver_due(now())
    assert "正在处理" in mail_server.mails[0].get_content()


def test_the_owner_of_a_finding_reads_its_day_and_gets_to_the_page_that_he_may_open(
    mail_server: MailSink, reader: User
) -> None:
    send(reader, event="finding.raised", stream="review:7", data={"due_at": date(2026, 12, 7)})
    actions.deliver_due(now())
    text = mail_server.mails[0].get_content()
    assert "2026年12月7日" in text
    assert "/audit/SD-20261122-001/findings/" in text


def test_colleagues_read_times_on_their_clock_and_customers_on_that_of_the_firm(
    mail_server: MailSink, reader: User, caller: Contact
) -> None:
    User.objects.filter(pk=reader.pk).update(zone="America/New_York")
    due = datetime(2026, 12, 7, 18, 30, tzinfo=CHINA)
    send(reader, caller, data={"due_at": due})
    with timezone.override("America/New_York"):
        actions.deliver_due(now())
    texts = {mailed["To"].addresses[0].addr_spec: mailed.get_content() for mailed in mail_server.mails}
    assert "2026年12月7日 05:30" in texts["liu@firm.example"]
    assert "2026年12月7日 18:30" in texts["shen@bank.example"]


def test_a_letter_is_for_contacts_only(reader: User) -> None:
    with pytest.raises(ValueError, match="contacts"):
        send(reader, text="internal")


def test_hostile_names_and_numbers_add_no_header(mail_server: MailSink, caller: Contact) -> None:
    caller.name = '沈"亦舟\r\nBcc: evil@example.org\u202e, x <y@z.example>'
    caller.save()
    send(caller, number="SD-1\nX-Evil: 1")
    actions.deliver_due(now())
    [mailed] = mail_server.mails
    assert mailed["Bcc"] is None
    assert mailed["X-Evil"] is None
    assert [one.addr_spec for one in mailed["To"].addresses] == ["shen@bank.example"]
    assert mail_server.recipients == ["shen@bank.example"]


def test_a_refused_address_is_given_up_and_delays_nobody(mail_server: MailSink, reader: User, caller: Contact) -> None:
    mail_server.answers["shen@bank.example"] = "550 no such user"
    send(caller)
    send(reader)
    assert actions.deliver_due(now()) == 1
    refused = Notification.objects.get(contact=caller)
    assert state(refused) == (Status.DEAD, Reason.REFUSED)
    assert refused.detail == "550 no such user"


@pytest.mark.parametrize("step", ["answers", "to_data"])
def test_what_comes_after_a_refused_message_on_the_same_connection_is_taken(
    mail_server: MailSink, reader: User, caller: Contact, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(mail, "THREADS", 1)
    getattr(mail_server, step)["shen@bank.example"] = "452 no room"
    send(caller)
    send(reader)
    assert actions.deliver_due(now()) == 1
    assert mail_server.recipients == ["liu@firm.example"]


def test_without_a_reset_what_comes_after_a_refused_message_dies(
    mail_server: MailSink, reader: User, caller: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "THREADS", 1)
    monkeypatch.setattr(smtp, "_refused", lambda _session, code, words: smtp._refusal(code, words))
    mail_server.to_data["shen@bank.example"] = "452 no room"
    send(caller)
    send(reader)
    assert actions.deliver_due(now()) == 0
    assert state(Notification.objects.get(user=reader)) == (Status.DEAD, Reason.REFUSED)


@pytest.mark.parametrize("step", ["answers", "to_data"])
def test_a_server_that_cannot_now_is_asked_again_later_with_the_same_id(
    mail_server: MailSink, reader: User, clock: Any, step: str
) -> None:
    clock.set(now())
    getattr(mail_server, step)["liu@firm.example"] = "451 come back later"
    [row] = send(reader)
    assert actions.deliver_due(now()) == 0
    assert state(row) == (Status.FAILED, Reason.TEMPORARY)
    assert timedelta(seconds=20) < row.next_attempt_at - now() < timedelta(seconds=40)
    getattr(mail_server, step).clear()
    assert actions.deliver_due(now()) == 0
    clock.advance(minutes=1)
    assert actions.deliver_due(now()) == 1
    assert mail_server.mails[0]["Message-ID"] == f"<{row.message_id}>"


def test_pauses_grow_and_the_last_failure_is_a_dead_letter(mail_server: MailSink, reader: User, clock: Any) -> None:
    clock.set(now())
    mail_server.answers["liu@firm.example"] = "451 come back later"
    [row] = send(reader)
    pauses = []
    while row.status != Status.DEAD:
        actions.deliver_due(now())
        row.refresh_from_db()
        if row.next_attempt_at is not None:
            pauses.append(row.next_attempt_at - now())
            clock.set(row.next_attempt_at)
    assert row.failures == claims.MOST_FAILURES
    assert len(pauses) == claims.MOST_FAILURES - 1
    assert pauses[-1] > 10 * pauses[0]


def test_a_server_that_is_away_fails_what_was_tried_and_leaves_the_rest(
    mail_server: MailSink, reader: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "CLAIMED_AT_ONCE", 4)
    monkeypatch.setattr(mail, "IN_FLIGHT", 4)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = unused.getsockname()[1]
    for cycle in range(1, 13):
        send(reader, cycle=cycle)
    assert actions.deliver_due(now()) == 0
    rows = Notification.objects.filter(channel=Channel.EMAIL)
    assert rows.filter(status=Status.FAILED, reason=Reason.UNREACHABLE).count() <= 8
    assert rows.filter(status=Status.QUEUED, failures=0).count() >= 4


def test_a_slow_server_costs_a_try_and_the_repeat_is_flagged(
    mail_server: MailSink, reader: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(now())
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    mail_server.slow = 0.5
    [row] = send(reader)
    assert actions.deliver_due(now()) == 0
    assert state(row) == (Status.FAILED, Reason.SLOW)
    assert row.repeats == 1
    mail_server.slow = 0
    monkeypatch.setattr(smtp, "TIMEOUT", 5.0)
    clock.advance(minutes=1)
    assert actions.deliver_due(now()) == 1
    assert mail_server.mails[-1]["X-Desk-Repeat"] == "1"


def test_who_has_no_address_and_who_has_left(mail_server: MailSink, user: User, reader: User, caller: Contact) -> None:
    caller.is_active = False
    caller.save()
    user.email = ""
    user.save()
    send(user)
    send(caller)
    assert actions.deliver_due(now()) == 0
    assert state(Notification.objects.get(user=user)) == (Status.DEAD, Reason.NO_ADDRESS)
    assert state(Notification.objects.get(contact=caller)) == (Status.CANCELLED, Reason.INACTIVE)


def test_the_desk_writes_no_mail_to_itself(mail_server: MailSink, reader: User) -> None:
    reader.email = "Desk@desk.example"
    reader.save()
    [row] = send(reader)
    actions.deliver_due(now())
    assert state(row) == (Status.DEAD, Reason.LOOP)


def test_a_letter_that_cannot_be_written_delays_nobody(
    mail_server: MailSink, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = mail.letter

    def letter(row: Notification) -> Any:
        if row.cycle == 2:
            raise KeyError("a template names a fact that is not there")
        return written(row)

    monkeypatch.setattr(mail, "letter", letter)
    for cycle in (1, 2, 3):
        send(reader, cycle=cycle)
    assert actions.deliver_due(now()) == 2
    assert state(Notification.objects.get(cycle=2)) == (Status.DEAD, Reason.UNWORDED)


def test_a_row_that_nobody_can_read_is_a_dead_letter_and_loses_no_result(
    mail_server: MailSink, reader: User, caller: Contact
) -> None:
    for cycle in range(1, 9):
        send(reader, cycle=cycle)
    Notification.objects.filter(cycle=4).update(data=[])
    mail_server.answers["shen@bank.example"] = "550 no such user"
    send(caller)
    assert actions.deliver_due(now()) == 7
    assert actions.deliver_due(now()) == 0
    assert state(Notification.objects.get(cycle=4)) == (Status.DEAD, Reason.UNWORDED)
    assert state(Notification.objects.get(contact=caller)) == (Status.DEAD, Reason.REFUSED)
    assert wording.sentence("warning.resolution.90", number="SD-1", threshold=90, data=[])


def test_a_failure_that_cannot_be_noted_parks_its_own_row(
    mail_server: MailSink, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_escalate(monkeypatch, mail_server, reader)
    assert actions.deliver_due(now()) == 1
    assert state(Notification.objects.get(cycle=1)) == (Status.DEAD, Reason.UNWORDED)
    assert state(Notification.objects.get(cycle=2)) == (Status.SENT, "")


def test_when_failures_are_not_noted_alone_one_row_takes_all_results_along(
    mail_server: MailSink, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_escalate(monkeypatch, mail_server, reader)
    monkeypatch.setattr(claims, "_note_alone", claims._note_failure)
    monkeypatch.setattr(mail, "note", lambda results: claims.note(sorted(results, key=lambda one: one.row.cycle)))
    assert actions.deliver_due(now()) == 0


def fail_to_escalate(monkeypatch: pytest.MonkeyPatch, mail_server: MailSink, reader: User) -> None:
    """Two warnings, of which the first cannot be written and whose end cannot be told."""

    def escalate(row: Notification) -> None:
        raise AttributeError("no such attribute")

    monkeypatch.setattr(claims, "_escalate", escalate)
    for cycle in (1, 2):
        send(reader, cycle=cycle)
    Notification.objects.filter(cycle=1).update(data=[])


def test_a_dead_warning_is_told_to_administrators_and_head(
    mail_server: MailSink, reader: User, caller: Contact, colleague: User, department: Department
) -> None:
    admin = User.objects.create(username="adm", employee_number="3", name="管理员", department=department)
    starts = (now() - timedelta(days=9)).date()
    RoleGrant.objects.create(user=admin, role=Role.ADMINISTRATOR, starts_on=starts)
    RoleGrant.objects.create(user=colleague, role=Role.DEPARTMENT_HEAD, department=department, starts_on=starts)
    mail_server.answers["shen@bank.example"] = "550 no"
    send(caller)
    send(caller, event="incident.returned")
    actions.deliver_due(now())
    told = Notification.objects.filter(event="delivery.dead")
    assert {row.user for row in told} == {admin, colleague}
    assert all(row.status == Status.SENT for row in told)


# Claims, leases, withdrawal


def test_a_claimed_message_is_not_taken_again_within_its_lease(reader: User, clock: Any) -> None:
    clock.set(now())
    send(reader)
    assert len(claim((Channel.EMAIL,), 9)) == 1
    assert claim((Channel.EMAIL,), 9) == []
    clock.advance(seconds=claims.LEASE.total_seconds() - 1)
    assert claim((Channel.EMAIL,), 9) == []


def test_after_a_crash_the_message_is_taken_again_flagged_and_the_late_result_dropped(reader: User, clock: Any) -> None:
    clock.set(now())
    send(reader)
    [first] = claim((Channel.EMAIL,), 9)
    clock.advance(seconds=claims.LEASE.total_seconds())
    [second] = claim((Channel.EMAIL,), 9)
    assert (second.attempts, second.repeats) == (2, 1)
    assert note([Result(first, first.attempts, Sent())]) == 0
    note([Result(first, first.attempts, Later(Reason.SLOW))])
    assert state(second) == (Status.QUEUED, "")
    assert note([Result(second, second.attempts, Sent())]) == 1


def test_a_claim_keeps_its_own_number_when_its_worker_sleeps_before_reading_the_rows(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = claims._take

    def take_then_sleep(*arguments: Any) -> dict[int, int]:
        numbers = taken(*arguments)
        Notification.objects.update(attempts=2)
        return numbers

    send(reader)
    monkeypatch.setattr(claims, "_take", take_then_sleep)
    [row] = claim((Channel.EMAIL,), 9)
    assert row.attempts == 1
    assert note([Result(row, row.attempts, Sent())]) == 0


def test_a_settled_matter_is_not_told(mail_server: MailSink, reader: User) -> None:
    [row] = send(reader)
    assert actions.cancel("declaration:1", events="warning.") == 1
    assert actions.deliver_due(now()) == 0
    assert state(row) == (Status.CANCELLED, Reason.WITHDRAWN)


def test_what_was_withdrawn_while_a_worker_had_it_is_not_tried_again(
    mail_server: MailSink, reader: User, clock: Any
) -> None:
    clock.set(now())
    for cycle in (1, 2):
        send(reader, cycle=cycle)
    failed, crashed = claim((Channel.EMAIL,), 9)
    assert actions.cancel("declaration:1") == 2
    note([Result(failed, failed.attempts, Later(Reason.SLOW))])
    assert state(failed) == (Status.CANCELLED, Reason.WITHDRAWN)
    clock.advance(seconds=claims.LEASE.total_seconds())
    assert actions.deliver_due(now()) == 0
    assert state(crashed) == (Status.CANCELLED, Reason.WITHDRAWN)


def test_what_was_sent_before_the_withdrawal_counts_as_sent(reader: User) -> None:
    send(reader)
    [row] = claim((Channel.EMAIL,), 9)
    actions.cancel("declaration:1")
    assert note([Result(row, row.attempts, Sent())]) == 1
    assert state(row) == (Status.SENT, "")


# Nothing leaves


def test_in_the_demonstration_no_socket_is_opened(
    settings: Any, reader: User, caller: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.OUTGOING is False

    def opened(*args: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "create_connection", opened)
    monkeypatch.setattr(socket.socket, "connect", opened)
    send(reader)
    send(caller)
    assert actions.deliver_due(now()) == 2
    for row in Notification.objects.filter(channel=Channel.EMAIL):
        assert f"Message-ID: <{row.message_id}>".encode() in stored_message(row)
