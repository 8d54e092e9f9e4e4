"""Taking note of warnings, the draft to the customer, and states that are right with every worker dead."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import override

from accounts.models import User
from base.clock import set_clock
from escalation.models import Acknowledgement, Unanswered, Warning
from incidents import actions
from incidents.models import Declaration
from ledger.models import Entry
from notifications.models import Notification
from tests import scenes
from tests.escalation.sweeping import at, minor_in_progress, sweep_at
from tests.firm import CHEN_HEAD, LIU_DESK, TANG_BANK_B, WANG_DESK, ZHAO_DESK, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]
HANDLER, HEAD, OTHER_DESK, STRANGER = LIU_DESK, CHEN_HEAD, WANG_DESK, ZHAO_DESK
WORDS = "客户预警稿已写好"


@pytest.fixture
def warned() -> Declaration:
    """Level 4, warned at 75 % at half past two on Monday; it is a quarter to three."""
    declaration = minor_in_progress()
    sweep_at("2026-11-23T14:30:00")
    return declaration


def browser_of(number: str) -> Client:
    return client_of(number, headers={"accept-language": "zh-hans"})


def page(name: str, number: str, *args: str, text: str = "2026-11-23T14:45:00") -> str:
    with set_clock(at(text)), override("zh-hans"):
        return browser_of(number).get(reverse(name, args=args)).content.decode()


def post(declaration: Declaration, number: str, **values: str) -> object:
    with set_clock(at("2026-11-23T14:45:00")):
        return browser_of(number).post(reverse("record-acknowledge", args=[declaration.number]), values)


@pytest.mark.parametrize("number", [HANDLER, HEAD])
def test_whoever_was_warned_takes_note_with_one_click(warned: Declaration, number: str) -> None:
    assert "待您知悉" in page("record", number, warned.number)
    response = post(warned, number)
    assert (response.status_code, response.url) == (302, reverse("record", args=[warned.number]))
    assert "待您知悉" not in page("record", number, warned.number)
    assert "已知悉预警" in page("record", number, warned.number)
    assert not Unanswered.objects.exists()


def test_whoever_was_not_warned_is_shown_no_button_and_is_refused(warned: Declaration) -> None:
    assert "待您知悉" not in page("record", OTHER_DESK, warned.number)
    assert post(warned, OTHER_DESK).status_code == 403
    assert Entry.objects.filter(stream__startswith="security:", action="acknowledge_warning").count() == 1


def test_whoever_does_not_see_the_record_finds_nothing(warned: Declaration) -> None:
    assert post(warned, STRANGER).status_code == 404


def test_looking_is_not_taking_note(warned: Declaration) -> None:
    with set_clock(at("2026-11-23T14:45:00")):
        assert browser_of(HANDLER).get(reverse("record-acknowledge", args=[warned.number])).url == reverse(
            "record", args=[warned.number]
        )
    assert not Acknowledgement.objects.exists()


def test_a_double_click_is_one_note(warned: Declaration) -> None:
    assert [post(warned, HANDLER).status_code for _ in range(2)] == [302, 302]
    assert Acknowledgement.objects.count() == 1


def test_the_desk_and_the_bell_take_note_too_and_stay_where_they_are(warned: Declaration) -> None:
    assert "待知悉的预警" in page("desk", HANDLER)
    assert reverse("record-acknowledge", args=[warned.number]) in page("notifications", HANDLER)
    assert post(warned, HANDLER, back="desk").url == reverse("desk")
    assert "待知悉的预警" not in page("desk", HANDLER)
    assert reverse("record-acknowledge", args=[warned.number]) not in page("notifications", HANDLER)


def test_back_leads_nowhere_else(warned: Declaration) -> None:
    assert post(warned, HANDLER, back="https://example.org/").url == reverse("record", args=[warned.number])


def test_one_who_takes_note_clears_the_desk_of_all(warned: Declaration) -> None:
    post(warned, HANDLER)
    assert "待知悉的预警" not in page("desk", HEAD)


# The words to the customer


def send(declaration: Declaration, letter: str, number: str = HANDLER, version: int | None = None) -> object:
    values = {
        "version": declaration.version if version is None else version,
        "kind": "at_risk",
        "contacts": TANG_BANK_B,
        "reason": "时限已用 75%",
        "letter": letter,
    }
    with set_clock(at("2026-11-23T14:50:00")):
        return browser_of(number).post(reverse("record-step", args=[declaration.number, "warn"]), values)


@pytest.mark.parametrize(("text", "there"), [("2026-11-23T14:29:59", False), ("2026-11-23T14:30:00", True)])
def test_the_draft_is_there_from_three_quarters_on_with_every_worker_dead(text: str, there: bool) -> None:
    declaration = minor_in_progress()
    assert (WORDS in page("record", HANDLER, declaration.number, text=text)) is there


def test_the_draft_speaks_of_the_miss_once_it_has_happened() -> None:
    declaration = minor_in_progress()
    assert "is not solved yet" in page("record", HANDLER, declaration.number, text="2026-11-23T15:30:00")


def test_one_click_sends_the_words_and_logs_them(warned: Declaration) -> None:
    assert send(warned, "我们还在处理，请稍候。").status_code in (302, 204, 200)
    mail = Notification.objects.get(channel="email", contact__code=TANG_BANK_B)
    assert mail.text == "我们还在处理，请稍候。"
    warning = Warning.objects.get(by__employee_number=HANDLER)
    assert warning.told.get().contact.code == TANG_BANK_B
    assert WORDS not in page("record", HANDLER, warned.number, text="2026-11-23T14:55:00")


def test_sent_twice_it_goes_out_once(warned: Declaration) -> None:
    send(warned, "请稍候。", version=warned.version)
    assert send(warned, "请稍候。", version=warned.version).status_code == 412
    assert Notification.objects.filter(channel="email").count() == 1


def test_the_system_does_not_warn_the_customer_whom_the_handler_warned(warned: Declaration) -> None:
    send(warned, "请稍候。")
    sweep_at("2026-11-23T15:10:00")
    assert Notification.objects.filter(channel="email", contact__isnull=False).count() == 1


def test_whoever_may_not_warn_sees_no_draft(warned: Declaration) -> None:
    assert WORDS not in page("record", OTHER_DESK, warned.number)


def test_a_resolved_record_asks_for_nothing(warned: Declaration) -> None:
    scene = scenes.Scene()
    with set_clock(at("2026-11-23T14:40:00")):
        scene.do(actions.write_plan, warned, HANDLER, text="补寄")
        scene.do(actions.log_handling, warned, HANDLER, what="补寄", result="已寄")
        scene.do(actions.resolve, warned, HANDLER, **scene.solution())
    assert WORDS not in page("record", HANDLER, warned.number)
    assert "待知悉的预警" not in page("desk", HANDLER)


# With every worker dead


@pytest.mark.parametrize(
    ("text", "state"),
    [("2026-11-23T15:29:59", "at_risk"), ("2026-11-23T15:30:00", "breached"), ("2026-11-24T10:00:00", "breached")],
)
@pytest.mark.parametrize("where", ["desk", "records", "record"])
def test_a_miss_shows_at_its_instant_without_any_sweep(where: str, text: str, state: str) -> None:
    declaration = minor_in_progress()
    args = [declaration.number] if where == "record" else []
    shown = page(where, HANDLER, *args, text=text)
    assert declaration.number in shown
    assert f'data-clock="{state}"' in shown
    assert not Warning.objects.exists()


def test_the_interface_tells_the_miss_without_any_sweep() -> None:
    declaration = minor_in_progress()
    address = reverse("api-declaration", args=[declaration.number])
    states = []
    for text in ("2026-11-23T14:00:00", "2026-11-23T14:30:00", "2026-11-23T15:30:00"):
        with set_clock(at(text)):
            clocks = browser_of(HANDLER).get(address).json()["clocks"]
            states += [clock["state"] for clock in clocks if clock["kind"] == "resolution"]
    assert states == ["normal", "at_risk", "breached"]


def test_the_interface_takes_note(warned: Declaration) -> None:
    address = reverse("api-acknowledge-warnings", args=[warned.number])
    with set_clock(datetime.fromisoformat("2026-11-23T14:45:00+08:00")):
        client = browser_of(HANDLER)
        assert [client.post(address).status_code for _ in range(2)] == [200, 200]
        assert browser_of(STRANGER).post(address).status_code == 404
        assert browser_of(OTHER_DESK).post(address).status_code in (403, 404)
    assert Acknowledgement.objects.count() == 1


@pytest.mark.parametrize("text", ["2026-11-23T14:45:00", "2026-11-23T15:30:00"])
def test_the_draft_names_the_due_time_on_the_clock_of_the_firm_wherever_the_reader_is(text: str) -> None:
    declaration = minor_in_progress()
    User.objects.filter(employee_number=HANDLER).update(zone="America/New_York")
    due = localtime(declaration.due_at, ZoneInfo("Asia/Shanghai"))
    assert f"by {due:%Y-%m-%d %H:%M}" in page("record", HANDLER, declaration.number, text=text)
