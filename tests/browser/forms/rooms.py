"""The forms of the rooms with pages of their own: notifications, calendars, contracts and the review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.models import Customer
from audit.models import Finding, Review
from base.clock import now
from notifications import actions as notifications
from notifications.models import Notification
from sla.actions import Terms, create_calendar, create_contract, set_calendar_day
from sla.models import Calendar, CalendarDay, Contract
from sla.queries import default_calendar
from tests import firm
from tests.audit.conftest import AUDITOR, concluded, with_finding
from tests.audit.test_reviewing import WRITTEN, begun, correct
from tests.browser.forms import Form
from tests.escalation.test_deadlines import TWO_DAYS, agree
from tests.firm import ADMINISTRATOR, BANK_C, BROKER_E, CHEN_HEAD, FANG_BROKER_E, LIU_DESK, SUN_DESK, person, staff
from tests.notifications.test_channel_pages import dead_letter
from tests.notifications.test_products import ADDRESSES
from tests.scenes import Scene

ADMINISTRATOR, HEAD, DESK = ADMINISTRATOR, CHEN_HEAD, LIU_DESK
ROBOT = {"name": "值班群", "kinds": ["warning"], "levels": ["1", "2"], "address": ADDRESSES["dingtalk"]}
YEAR = 2027
# A third like record of one customer would have to be escalated before it is closed.
OTHER = Scene(customer=BROKER_E, desk=SUN_DESK, contact=FANG_BROKER_E)
PASSWORD = {"password": firm.PASSWORD}


# Notifications


def robot() -> int:
    department = person(DESK).department
    setting = notifications.Setting("群", department, ["warning"], [1], address=ADDRESSES["dingtalk"])
    return notifications.create_bot(actor=staff(ADMINISTRATOR), product="dingtalk", setting=setting).pk


def letter(form: str) -> Form:
    def page() -> str:
        Notification.objects.all().delete()
        dead_letter(message_id=f"{form}@desk.example")
        return reverse("dead-letters")

    return Form("notifications/dead_letters.html", form, ADMINISTRATOR, page)


def told() -> str:
    """The desk has heard of a relayed call, which asks for no note."""
    Scene().relayed()
    return reverse("notifications")


def of_notifications() -> Iterator[Form]:
    yield Form("desk/bell/page.html", "seen", DESK, told)
    yield Form("desk/bell/_lines.html", "seen", DESK, told)
    yield Form(
        "notifications/preferences.html",
        "preferences",
        DESK,
        lambda: reverse("notification-preferences"),
        lambda: {"wanted": []},
    )
    yield Form(
        "notifications/bot.html",
        "robot",
        ADMINISTRATOR,
        lambda: reverse("bot", args=[robot()]),
        lambda: {name: value for name, value in ROBOT.items() if name != "address"},
    )
    yield Form("notifications/bot.html", "test", ADMINISTRATOR, lambda: reverse("bot-test", args=[robot()])[:-5])
    yield letter("retry-all")
    yield letter("retry")


# Calendars and contracts


def calendar() -> Calendar:
    week = {day: [(540, 1080)] for day in range(5)}
    return create_calendar(f"第{Calendar.objects.count()}班", actor=SYSTEM, weekly=week)


def address(name: str, *more: Any) -> str:
    return reverse(name, args=[calendar().pk, *more])


def provisional() -> str:
    made = calendar()
    set_calendar_day(made, date(2026, 11, 24), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    return f"{reverse('calendar', args=[made.pk])}?year=2026"


def shows_the_plan(hand: Any) -> None:
    hand.page.click("form:has([name=opened_form][value^='plan-']) button")
    hand.page.wait_for_selector("[name=apply]", state="attached")


def contract() -> Contract:
    """A new one of a customer, next to those it has."""
    number = f"HT-{Contract.objects.count()}"
    begins = date(2030 + Contract.objects.count(), 1, 1)
    terms = Terms(number=number, name="合同", starts_on=begins, ends_on=begins + timedelta(days=300))
    return create_contract(Customer.objects.get(code=BANK_C), terms, actor=SYSTEM)


def moved() -> str:
    """A day off moves the due time of a record in progress."""
    agree(Contract.objects.get(number="DEMO-HT-2026-002"), targets={3: TWO_DAYS})
    Scene().in_progress()
    set_calendar_day(default_calendar(), date(2026, 11, 24), CalendarDay.Kind.DAY_OFF, actor=SYSTEM, version=None)
    return reverse("deadlines")


def saved_meanwhile(hand: Any) -> None:
    """A colleague changes the contract while its terms are being typed; then they are sent, and both are shown."""
    found = Contract.objects.get(pk=hand.path.split("/")[3])
    agree(found, name="另一个名字")
    hand.page.fill("[name=name]", "我的名字")
    hand.page.click("form.settings-form .btn-primary")
    hand.page.wait_for_selector("[name=choose-name]")


def of_calendars() -> Iterator[Form]:
    yield Form(
        "sla/hours.html", "hours", ADMINISTRATOR, lambda: address("calendar-hours"), lambda: {"day5": "09:00-12:00"}
    )
    yield Form(
        "sla/calendar.html",
        "day",
        ADMINISTRATOR,
        lambda: f"{address('calendar')}?day=2026-11-25",
        lambda: {"kind": "day_off", "name": "停电"},
    )
    yield Form("sla/calendar.html", "confirm", ADMINISTRATOR, provisional)
    nothing_stored = "It shows what would change, and stores nothing."
    yield Form(
        "sla/load.html",
        "plan",
        ADMINISTRATOR,
        lambda: address("calendar-load", YEAR),
        saves=False,
        without={"back button": nothing_stored},
    )
    yield Form(
        "sla/load.html",
        "load",
        ADMINISTRATOR,
        lambda: address("calendar-load", YEAR),
        opens=shows_the_plan,
        without={"reload": "It stands in an answer; after a reload its page asks for the source again."},
    )
    yield Form(
        "sla/terms.html",
        "terms",
        ADMINISTRATOR,
        lambda: reverse("contract-terms", args=[contract().pk]),
        lambda: {"name": "账户运营", "service_scope": "账户运营", "first_warning": "60", "second_warning": "80"},
    )
    yield Form(
        "components/conflict.html",
        "terms",
        ADMINISTRATOR,
        lambda: reverse("contract-terms", args=[contract().pk]),
        lambda: {"choose-name": "mine"},
        opens=saved_meanwhile,
        tagged="",
        without={
            "reload": "The conflict stands where the page's own form stood, which is there again after a reload.",
            "two tabs": "Another tab opens the page's own form.",
        },
    )
    yield Form("escalation/deadlines/page.html", "deadlines", HEAD, moved, button="[name=all]")


# The review


def review(scene: Scene | None = None) -> Review:
    return begun((scene or Scene()).closed())


def page_of(found: Review) -> str:
    return reverse("audit-record", args=[found.declaration.number])


def finding(scene: Scene, *, corrected: bool) -> str:
    found = with_finding(review(scene)).findings.get()
    if corrected:
        correct(found)
    return reverse("audit-findings", args=[Finding.objects.get(pk=found.pk).review.declaration.number])


def of_the_review() -> Iterator[Form]:
    page = "audit/review.html"
    yield Form(page, "review", AUDITOR, lambda: reverse("audit-record", args=[Scene().closed().number]))
    yield Form(
        page, "conclude", AUDITOR, lambda: page_of(review()), lambda: {"conclusion": "not_met", "note": "首次响应晚"}
    )
    yield Form(
        page,
        "finding",
        AUDITOR,
        lambda: page_of(concluded(review(OTHER), c5_4_3="首次响应晚")),
        lambda: {
            "clause": "5.4.3",
            "text": "首次响应晚且未写原因",
            "owner": person(DESK).pk,
            "due": f"{now().date() + timedelta(days=14)}",
            **{name: text for name, text in WRITTEN.items() if name != "correction"},
        },
    )


def of_the_signature() -> Iterator[Form]:
    page = "audit/review.html"
    yield Form(page, "sign", AUDITOR, lambda: page_of(concluded(review())), lambda: {"note": "已核对"}, secret=PASSWORD)
    yield Form("audit/findings.html", "correct", DESK, lambda: finding(Scene(), corrected=False), lambda: WRITTEN)
    yield Form(
        "audit/findings.html",
        "verify",
        AUDITOR,
        lambda: finding(OTHER, corrected=True),
        lambda: {"holds": "yes", "note": "已看过值班表"},
    )
