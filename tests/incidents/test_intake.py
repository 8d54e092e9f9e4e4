"""Clause 5.4.1: what comes in gets a number, a desk and a response clock, or a sentence that says what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db.models import Q
from django.utils.timezone import override

from accounts.models import RoleGrant
from base.clock import set_clock
from escalation import actions as escalation
from files.models import StoredFile
from incidents import actions
from incidents.actions import keys
from incidents.models import DayCounter, Declaration
from ledger.exceptions import Invalid, NotPermitted, NotPossible
from ledger.models import Entry
from notifications.models import Notification
from tests import firm, scenes
from tests.firm import (
    BANK_B,
    DU_TELECOM_F,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WAN_HAULIER_H,
    WANG_DESK,
    WU_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    person,
    staff,
)
from tests.incidents.refusals import errors, fresh, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
PDF = b"%PDF-1.7\n" + b"0" * 100
SCANS = {
    "a.pdf": (PDF, True),
    "a.jpg": (b"\xff\xd8\xff\xe0", True),
    "a.png": (b"\x89PNG\r\n\x1a\n", True),
    "a.tif": (b"II*\x00", True),
    "a.heic": (b"\x00\x00\x00\x18ftypheic", False),
    "a.gif": (b"GIF89a", False),
    "a.txt": ("来函全文".encode(), False),
    "a.eml": (b"From: a@b.example\r\n\r\n", False),
}
NO_SCAN = "Attach the scan as PDF, JPG, PNG or TIFF, or say why there is no file."
NO_MAIL = "Attach the original message as .eml, or say why there is no file."


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00")


def scan(name: str = "letter.pdf", content: bytes = PDF) -> actions.Upload:
    return actions.Upload(name=name, content=BytesIO(content), declared_type="application/pdf", pages=2)


def paper(**changes: Any) -> dict[str, Any]:
    return {"attachments": (scan(),), "pages": 2, "received_on": at("20T00:00:00").date(), **changes}


def accept(by: str = LIU_DESK, key: str | None = None, live: bool = False, **changes: Any) -> Declaration:
    return actions.accept(SCENE.call(**changes), actor=staff(by), idempotency_key=key, answered_live=live)


def missing(action: Any = accept, **changes: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        action(**changes)
    return errors(refusal.value)


def alarm(by: str = LIU_DESK, key: str | None = None, **changes: Any) -> Declaration:
    values = {
        "channel": "monitoring",
        "contact": None,
        "source": "Zabbix",
        "source_ref": "A-77",
        "system": "打印前置机",
    }
    customer = firm.contact(TANG_BANK_B).customer
    return accept(by, key, **{**values, "customer": customer, **changes})


def relay(by: str = ZHENG_CUSTODIAN, **changes: Any) -> Declaration:
    return actions.relay(SCENE.call(**changes), actor=staff(by))


def stranger(**changes: Any) -> dict[str, Any]:
    return {"contact": None, "caller_name": "沈主管", "caller_phone": "13800009901", **changes}


# Numbers


def test_numbers_follow_the_local_day_and_the_order_of_registration() -> None:
    with set_clock(at("24T00:30:00")):
        found = [accept(received_at=at("23T23:50:00")).number, accept(received_at=at("23T23:40:00")).number]
    assert found == ["SD-20261124-001", "SD-20261124-002"]


def test_the_day_of_a_number_is_that_of_the_firm_wherever_it_is_registered() -> None:
    with set_clock(at("24T00:30:00")), override("America/New_York"):
        assert accept(received_at=at("23T23:50:00")).number == "SD-20261124-001"


def test_the_day_after_999_calls_goes_on() -> None:
    accept()
    DayCounter.objects.filter(kind="SD").update(last=999)
    assert accept().number == "SD-20261123-1000"


def test_a_refused_call_takes_no_number_and_leaves_nothing() -> None:
    before = accept().number
    with pytest.raises(Invalid, match="marked fields"):
        accept(channel="fax", pages=1, attachments=(scan(content=b"MZ not a pdf"),))
    assert Declaration.objects.count() == 1
    assert int(accept().number[-3:]) == int(before[-3:]) + 1


# Response


@pytest.mark.parametrize(
    ("channel", "received", "due"),
    [
        ("phone", "23T10:00:00", "23T10:05:00"),
        ("email", "23T10:00:00", "23T10:30:00"),
        ("email", "20T17:45:00", "23T09:15:00"),
        ("other", "23T10:00:00", "23T10:30:00"),
        ("letter", "23T10:00:00", "23T15:30:00"),
        ("fax", "20T16:00:00", "23T11:00:00"),
    ],
)
def test_the_response_is_due_by_channel(channel: str, received: str, due: str) -> None:
    files = paper() if channel in ("letter", "fax") else {}
    clock = accept(channel=channel, received_at=at(received), **files).response_clock
    assert (clock.due_at, clock.source) == (at(due), "channel")


@pytest.mark.parametrize("channel", ["monitoring", "maintenance"])
def test_the_response_to_our_own_finding_is_due_in_a_quarter_of_an_hour(channel: str) -> None:
    clock = alarm(channel=channel).response_clock
    assert clock.due_at == at("23T10:15:00")


@pytest.mark.parametrize(
    ("contact", "desk", "channel", "minutes"),
    [(SHEN_BANK_A, WANG_DESK, "email", 15), (DU_TELECOM_F, ZHAO_DESK, "phone", 10)],
)
def test_the_contract_sets_the_response_for_every_channel(contact: str, desk: str, channel: str, minutes: int) -> None:
    clock = accept(by=desk, contact=firm.contact(contact), channel=channel).response_clock
    assert (clock.due_at, clock.source) == (scenes.MONDAY + timedelta(minutes=minutes), "contract")


def test_an_expired_contract_sets_nothing() -> None:
    declaration = accept(by=WU_DESK, contact=firm.contact(WAN_HAULIER_H))
    assert (declaration.response_clock.source, declaration.contract) == ("channel", None)


def test_a_call_answered_in_person_is_its_own_first_response() -> None:
    declaration = accept(received_at=at("23T09:50:00"), live=True)
    assert (declaration.first_response_at, declaration.response_clock.met) == (at("23T09:50:00"), True)
    assert declaration.first_response_by == person(LIU_DESK)


@pytest.mark.parametrize(("responded", "met"), [("23T10:04:59", True), ("23T10:05:00", False)])
def test_a_response_is_in_time_only_before_it_is_due(responded: str, met: bool) -> None:
    declaration = accept()
    with set_clock(at("23T11:00:00")):
        SCENE.do(actions.respond, declaration, LIU_DESK, way="phone", text="已受理", responded_at=at(responded))
    assert fresh(declaration).response_clock.met is met


@pytest.mark.parametrize("moment", ["23T09:59:59", "23T10:00:01"])
def test_a_response_lies_between_receipt_and_now(moment: str) -> None:
    found = refused(actions.respond, accept(), way="phone", text="已受理", responded_at=at(moment))
    assert set(errors(found)) == {"responded_at"}


def test_a_first_response_is_given_once_and_in_words() -> None:
    declaration = accept()
    assert set(errors(refused(actions.respond, declaration, way="phone", text=" "))) == {"text"}
    SCENE.do(actions.respond, declaration, LIU_DESK, way="phone", text="已受理")
    again = refused(actions.respond, declaration, way="phone", text="再说一次")
    assert "recorded already" in str(again)


def test_the_person_told_belongs_to_the_customer() -> None:
    found = refused(actions.respond, accept(), way="phone", text="已受理", contact=firm.contact(SHEN_BANK_A))
    assert set(errors(found)) == {"contact"}


# What has to be there


def test_a_call_has_subject_and_content() -> None:
    assert set(missing(subject=" ", body="\n")) == {"subject", "body"}


def test_nothing_is_received_in_the_future() -> None:
    assert missing(received_at=at("23T10:00:01")) == {"received_at": "Received cannot be in the future."}


def test_more_than_three_days_back_needs_a_reason() -> None:
    long_ago = scenes.MONDAY - timedelta(hours=72, seconds=1)
    assert missing(received_at=long_ago) == {"late_reason": "More than 72 hours ago: give the reason."}
    assert accept(received_at=long_ago, late_reason="信件周末送达").late_reason == "信件周末送达"
    assert accept(received_at=scenes.MONDAY - timedelta(hours=72)).received_at < scenes.MONDAY


# The file in which it came


@pytest.mark.parametrize("channel", ["letter", "fax"])
def test_paper_comes_with_its_scan_pages_and_day(channel: str) -> None:
    assert set(missing(channel=channel)) == {"attachments", "pages", "received_on"}
    declaration = accept(channel=channel, **paper(sender_reference="〔2026〕31号"))
    kept = declaration.attachment_rows.get()
    assert (kept.name, kept.pages, kept.file) == ("letter.pdf", 2, StoredFile.objects.get())
    assert (declaration.received_on, declaration.sender_reference) == (at("20T00:00:00").date(), "〔2026〕31号")


@pytest.mark.parametrize("name", SCANS)
def test_a_scan_is_a_pdf_or_a_picture_that_everybody_can_open(name: str) -> None:
    content, is_scan = SCANS[name]
    given = paper(attachments=(actions.Upload(name, BytesIO(content)),))
    if is_scan:
        assert accept(channel="letter", **given).attachment_rows.get().name == name
    else:
        assert missing(channel="letter", **given) == {"attachments": NO_SCAN}


def test_one_scan_among_other_files_is_enough() -> None:
    note = actions.Upload("note.txt", BytesIO(b"note"))
    assert accept(channel="fax", **paper(attachments=(note, scan()))).attachment_rows.count() == 2


def test_an_email_comes_with_its_original() -> None:
    assert missing(channel="email", attachments=()) == {"attachments": NO_MAIL}
    assert missing(channel="email", attachments=(scan(),)) == {"attachments": NO_MAIL}
    assert accept(channel="email").attachment_rows.get().file.media_type == "message/rfc822"


@pytest.mark.parametrize("channel", ["letter", "fax", "email"])
def test_what_never_had_a_file_says_why(channel: str) -> None:
    given = paper(attachments=()) if channel != "email" else {"attachments": ()}
    assert set(missing(channel=channel, **given, no_file_reason=" ")) == {"attachments"}
    declaration = accept(channel=channel, **given, no_file_reason="对方在电话中念了来函")
    assert (declaration.no_file_reason, declaration.attachment_rows.count()) == ("对方在电话中念了来函", 0)


def test_paper_without_a_scan_still_has_its_pages_and_day() -> None:
    assert set(missing(channel="letter", no_file_reason="原件留在客户处")) == {"pages", "received_on"}


def test_paper_does_not_come_tomorrow() -> None:
    tomorrow = paper(received_on=at("24T00:00:00").date())
    assert missing(channel="letter", **tomorrow) == {"received_on": "A letter or fax cannot have come in after today."}


def test_a_call_and_an_alarm_need_no_file() -> None:
    assert [accept().attachment_rows.count(), alarm().attachment_rows.count()] == [0, 0]


def test_a_key_from_before_there_was_a_reason_still_gives_its_declaration(monkeypatch: pytest.MonkeyPatch) -> None:
    first = accept(key="old")
    told = keys.content

    def before(entry: Entry) -> Any:
        found = told(entry)
        del found["fields"]["no_file_reason"]
        return found

    monkeypatch.setattr(keys, "content", before)
    assert accept(key="old").pk == first.pk


def test_a_mislabelled_scan_is_named_in_its_field() -> None:
    found = missing(channel="fax", pages=1, attachments=(scan(content=b"MZ not a pdf"),))
    assert found["attachments"].startswith("letter.pdf: ")
    empty = missing(channel="fax", **paper(attachments=(scan(content=b""),)))
    assert empty == {"attachments": "letter.pdf: The file is empty. Check it, then attach it again."}


def test_our_own_finding_names_tool_and_customer_and_needs_no_caller() -> None:
    assert set(missing(alarm, source="", customer=None, by=WANG_DESK)) == {"source", "customer"}
    declaration = alarm()
    assert (declaration.caller_name, declaration.contact, declaration.alarm_count) == ("", None, 0)


# Repeated alarms


def test_a_repeated_alarm_joins_the_open_record_and_brings_its_file() -> None:
    first = alarm()
    with set_clock(at("23T10:20:00")):
        again = alarm(received_at=at("23T10:19:00"), attachments=(scan("log.pdf"),))
    assert (again.pk, fresh(first).alarm_count) == (first.pk, 1)
    assert again.attachment_rows.get().purpose == "join_alarm"


@pytest.mark.parametrize("other", [{"source_ref": "A-78"}, {"source": "Prometheus"}, {"source_ref": ""}])
def test_another_alarm_is_another_record(other: dict[str, str]) -> None:
    assert alarm().pk != alarm(**other).pk


def test_an_alarm_after_the_end_opens_a_new_record() -> None:
    first = alarm()
    SCENE.do(escalation.withdraw, first, LIU_DESK, who="值班员", how="告警解除")
    assert alarm().pk != first.pk


def test_the_same_alarm_sent_twice_is_counted_once() -> None:
    first = alarm(key="zabbix-1")
    assert alarm(key="zabbix-1").pk == first.pk
    assert fresh(first).alarm_count == 0


def test_a_repeat_that_is_sent_twice_is_counted_once_and_keeps_its_words() -> None:
    first = alarm(key="zabbix-1")
    again = [alarm(key="zabbix-2", body="磁盘已用 97%") for _press in range(2)]
    assert [(each.pk, each.is_repeat) for each in again] == [(first.pk, True)] * 2
    assert fresh(first).alarm_count == 1
    assert [(row.body, row.at) for row in first.alarm_rows.all()] == [("磁盘已用 97%", scenes.MONDAY)]


@pytest.mark.parametrize("other", [{"body": "另一条"}, {"source_ref": "A-78"}, {"attachments": (scan("log.pdf"),)}])
def test_another_alarm_under_the_key_of_a_repeat_is_refused(other: dict[str, Any]) -> None:
    first = alarm()
    alarm(key="zabbix-2")
    assert set(missing(alarm, key="zabbix-2", **other)) == {"Idempotency-Key"}
    assert fresh(first).alarm_count == 1


def test_an_alarm_from_tomorrow_is_refused_and_not_counted() -> None:
    first = alarm()
    assert set(missing(alarm, received_at=at("24T10:00:00"))) == {"received_at"}
    assert fresh(first).alarm_count == 0


def test_a_foreign_desk_neither_joins_nor_accepts() -> None:
    alarm()
    with pytest.raises(NotPermitted):
        alarm(by=ZHAO_DESK)


# Whose call it is


def test_only_the_customers_desk_accepts() -> None:
    with pytest.raises(NotPermitted, match="This step is for: "):
        accept(by=WANG_DESK)


def test_an_unknown_caller_is_for_the_duty_desk() -> None:
    with pytest.raises(NotPermitted):
        accept(by=LIU_DESK, **stranger())
    declaration = accept(by=WANG_DESK, **stranger())
    assert (declaration.customer, declaration.department.code, declaration.desk) == (None, "D1", person(WANG_DESK))


def test_a_call_for_another_department_goes_there() -> None:
    declaration = relay(department=person(ZHAO_DESK).department, **stranger())
    assert (declaration.department.code, declaration.desk) == ("D2", person(ZHAO_DESK))


def test_a_refused_acceptance_stands_in_the_security_stream() -> None:
    with pytest.raises(NotPermitted):
        accept(by=WANG_DESK)
    entry = Entry.objects.get(stream__startswith="security:")
    assert (entry.action, entry.actor, entry.clause) == ("accept", person(WANG_DESK).stream, "5.4.1")


def test_the_record_keeps_the_procedure_of_its_day() -> None:
    declaration = accept()
    assert declaration.procedure_version.version_label == "V2.0"


# Relays


def test_anyone_relays_and_the_desk_hears_of_it_at_once() -> None:
    declaration = relay()
    assert (declaration.state, declaration.relayed_by) == ("relayed", person(ZHENG_CUSTODIAN))
    told = Notification.objects.get(event="relay.waiting")
    assert told.user == person(LIU_DESK)


def test_a_relay_of_a_stranger_goes_to_a_department_that_has_a_duty_desk() -> None:
    found = missing(lambda: relay(by=XU_SALES, **stranger()))
    name = person(XU_SALES).department.name
    assert found == {"department": f"{name} has no duty desk: choose the department that was called."}
    declaration = relay(by=XU_SALES, department=person(WANG_DESK).department, **stranger())
    assert [told.user for told in Notification.objects.filter(event="relay.waiting")] == [person(WANG_DESK)]
    assert SCENE.do(actions.accept_relayed, declaration, WANG_DESK).state == "accepted"


def without_desk(*, duty: bool = True) -> None:
    """The grant of the customer's desk has ended, and with `duty` False that of the department's duty desk too."""
    ended = RoleGrant.objects.filter(Q(customer__code=BANK_B) | Q(department__code="D1", role="duty_desk"))
    roles = ["service_desk"] if duty else ["service_desk", "duty_desk"]
    ended.filter(role__in=roles).update(ends_on=scenes.MONDAY.date() - timedelta(days=1))


def test_without_a_desk_of_its_own_a_customer_belongs_to_the_duty_desk_which_may_also_act() -> None:
    earlier = accept()
    without_desk()
    declaration = relay()
    assert declaration.desk == person(WANG_DESK)
    assert [told.user for told in Notification.objects.filter(event="relay.waiting")] == [person(WANG_DESK)]
    assert SCENE.do(actions.accept_relayed, declaration, WANG_DESK).accepted_by == person(WANG_DESK)
    assert accept(by=WANG_DESK).desk == person(WANG_DESK)
    answered = SCENE.do(actions.respond, earlier, WANG_DESK, way="phone", text="由值班服务台接手")
    assert answered.first_response_by == person(WANG_DESK)
    with pytest.raises(NotPermitted):
        accept(by=ZHAO_DESK)


def test_a_relay_that_would_reach_nobody_is_refused_with_what_is_missing() -> None:
    without_desk(duty=False)
    names = {"customer": firm.contact(TANG_BANK_B).customer.name, "department": person(LIU_DESK).department.name}
    sentence = (
        "{customer} has no service desk and {department} no duty desk: have one named, then relay the call again."
    )
    assert missing(relay) == {"department": sentence.format(**names)}


def test_without_the_fence_a_relay_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    without_desk(duty=False)
    monkeypatch.setattr("incidents.actions.intake._nobody_takes", lambda _declaration: None)
    assert relay().desk is None
    assert not Notification.objects.filter(event="relay.waiting").exists()


def test_answered_in_person_a_relayed_call_is_responded_to_at_its_receipt() -> None:
    received = at("23T09:58:00")
    declaration = actions.relay(SCENE.call(received_at=received), actor=staff(ZHENG_CUSTODIAN), answered_live=True)
    assert (declaration.state, declaration.first_response_at) == ("relayed", received)
    assert declaration.first_response_by == person(ZHENG_CUSTODIAN)
    assert declaration.response_clock.stopped_at == received
    row = declaration.communication_rows.get()
    assert row.text == "Answered the call and promised to pass it on to the desk."


def test_a_relay_names_caller_and_number() -> None:
    found = missing(lambda: relay(**stranger(caller_name="", caller_phone="")))
    assert set(found) == {"caller_name", "caller_phone"}


def test_the_response_clock_of_a_relay_runs_from_the_call_and_its_own_from_the_relay() -> None:
    declaration = relay(received_at=at("23T09:50:00"))
    assert declaration.response_clock.due_at == at("23T09:55:00")
    assert declaration.relay_clock.due_at == at("23T10:15:00")
    with set_clock(at("23T10:10:00")):
        accepted = SCENE.do(actions.accept_relayed, declaration, LIU_DESK)
    assert (accepted.state, accepted.accepted_by, accepted.relay_acknowledged_at) == (
        "accepted",
        person(LIU_DESK),
        at("23T10:10:00"),
    )
    assert (accepted.relay_clock.met, accepted.response_clock.met) == (True, None)


def test_the_relayer_may_have_answered_live() -> None:
    declaration = relay(received_at=at("23T09:58:00"))
    SCENE.do(
        actions.respond, declaration, ZHENG_CUSTODIAN, way="phone", text="已转服务台", responded_at=at("23T09:58:00")
    )
    assert fresh(declaration).response_clock.met


def test_a_relay_is_signed_for_once_and_only_by_its_desk() -> None:
    declaration = relay()
    assert refused(actions.accept_relayed, declaration, WANG_DESK).status == 403
    SCENE.do(actions.accept_relayed, declaration, LIU_DESK)
    with pytest.raises(NotPossible, match="possible only while"):
        actions.accept_relayed(declaration.pk, version=None, actor=staff(LIU_DESK))


# The same call twice


def test_the_same_key_gives_the_same_declaration() -> None:
    assert accept(key="k").pk == accept(key="k").pk
    assert Declaration.objects.count() == 1


def test_keys_are_each_persons_own_and_may_be_long() -> None:
    first = accept(key="1" * 200)
    second = accept(by=WANG_DESK, key="1" * 200, contact=firm.contact(SHEN_BANK_A))
    assert first.pk != second.pk


def test_without_a_key_every_call_is_a_new_one() -> None:
    assert accept().pk != accept().pk


def test_a_call_may_name_the_record_that_it_follows() -> None:
    first = accept()
    assert fresh(accept(linked_to=first)).linked_to == first
