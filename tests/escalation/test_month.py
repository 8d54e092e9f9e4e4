"""A month with a holiday week: the exact list of messages, against an oracle that walks it minute by minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from base.clock import set_clock
from escalation import actions as escalation
from escalation.models import Warning
from escalation.queries import next_check
from incidents import actions
from incidents.models import Declaration
from ledger.verification import compare, verify
from notifications.models import Notification
from tests import scenes
from tests.escalation.oracle import ExpectedMessage, Story, messages
from tests.escalation.sweeping import at
from tests.firm import BANK_B, LIN_HEAD, SUN_DESK, TELECOM_F, WEI_TELECOM_F, ZHAO_DESK

pytestmark = [pytest.mark.django_db, pytest.mark.walks]
END = at("2026-10-22T00:00:00")
SCENES = {
    BANK_B: scenes.Scene(),
    TELECOM_F: scenes.Scene(
        customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, custodian=SUN_DESK, contact=WEI_TELECOM_F
    ),
}
MOVING = {"reject", "resume", "regrade"}
MINOR, MIDDLE, HIGH, SEVERE = ("minor", "low"), ("moderate", "medium"), ("moderate", "high"), ("severe", "high")


def story(customer: str, grade: tuple[str, str], start: str, **steps: str) -> Story:
    """`start` as "09-21 10:00"; each step as verb or verb_2, with "regrade" naming the new grade behind a bar."""
    found = []
    for name, text in steps.items():
        moment, _bar, grading = text.partition("|")
        verb = name.rstrip("_123456789")
        found.append((at(f"2026-{moment.replace(' ', 'T')}:00"), f"{verb}:{grading}" if grading else verb))
    return Story(customer, grade, at(f"2026-{start.replace(' ', 'T')}:00"), found)


MONTH = [
    # Left alone: by day, over the evening, over the weekend, over the holidays, into a make-up day.
    story(BANK_B, MINOR, "09-21 10:00"),
    story(BANK_B, MINOR, "09-21 16:30"),
    story(BANK_B, MINOR, "09-24 15:45"),
    story(BANK_B, MINOR, "09-30 16:00"),
    story(BANK_B, MINOR, "10-09 17:00"),
    story(BANK_B, MINOR, "10-10 14:00"),
    story(BANK_B, SEVERE, "09-22 22:00"),
    story(BANK_B, SEVERE, "10-01 03:10"),
    story(BANK_B, HIGH, "09-29 11:20"),
    story(BANK_B, HIGH, "10-05 19:00"),
    story(BANK_B, MIDDLE, "09-21 09:05"),
    story(TELECOM_F, MINOR, "09-23 19:30"),
    story(TELECOM_F, MINOR, "09-24 23:15"),
    story(TELECOM_F, MINOR, "10-03 12:00"),
    story(TELECOM_F, MINOR, "10-08 07:10"),
    story(TELECOM_F, HIGH, "10-02 01:00"),
    story(TELECOM_F, MIDDLE, "09-24 13:00"),
    story(TELECOM_F, SEVERE, "10-12 20:30"),
    # Solved: in time, between two thresholds, at the very minute of one, too late, at night while a message is held.
    story(BANK_B, MINOR, "09-22 09:30", resolve="09-22 11:00"),
    story(BANK_B, MINOR, "09-23 09:30", resolve="09-23 14:20"),
    story(BANK_B, MINOR, "09-28 09:00", resolve="09-28 13:30"),
    story(BANK_B, SEVERE, "10-13 10:00", resolve="10-14 11:00"),
    story(TELECOM_F, MINOR, "10-13 19:30", resolve="10-13 22:00"),
    # Rejected: soon, after all thresholds had passed meanwhile, at night, and twice.
    story(BANK_B, MINOR, "10-14 09:30", resolve="10-14 10:30", reject="10-14 11:10"),
    story(BANK_B, MINOR, "10-15 09:30", resolve="10-15 11:00", reject="10-16 10:00"),
    story(BANK_B, MINOR, "10-15 13:40", resolve="10-15 16:00", reject="10-15 21:30", resolve_2="10-16 11:00"),
    story(TELECOM_F, HIGH, "10-15 08:00", resolve="10-15 12:00", reject="10-16 03:00", resolve_2="10-16 05:45"),
    story(
        BANK_B, SEVERE, "10-16 12:00", resolve="10-16 13:00", reject="10-16 14:00", resolve_2="10-17 07:30",
        reject_2="10-17 12:30",
    ),
    # Waiting: with and without the right to pause, over a threshold, at night, twice, withdrawn while it waits.
    story(BANK_B, MINOR, "10-19 09:00", wait="10-19 10:00", resume="10-19 16:00"),
    story(TELECOM_F, MINOR, "10-19 10:00", wait="10-19 10:40", resume="10-19 15:00"),
    story(TELECOM_F, MINOR, "10-19 19:10", wait="10-19 20:30", resume="10-20 10:00"),
    story(
        TELECOM_F, HIGH, "10-12 09:00", wait="10-12 12:00", resume="10-13 12:00", wait_2="10-14 02:00",
        resume_2="10-15 02:00",
    ),
    story(TELECOM_F, MINOR, "10-20 11:00", wait="10-20 11:20", withdraw="10-20 14:00"),
    story(TELECOM_F, MINOR, "10-20 18:45", wait="10-20 21:00", resume="10-20 22:00"),
    # Graded again: shorter, longer, back, at night from a quiet level to a loud one and the other way.
    story(BANK_B, MINOR, "09-29 09:30", regrade="09-29 11:00|moderate:high"),
    story(BANK_B, HIGH, "09-23 10:00", regrade="09-26 20:30|minor:low"),
    story(BANK_B, SEVERE, "10-08 10:00", regrade="10-09 06:00|moderate:high", regrade_2="10-09 09:00|severe:high"),
    story(TELECOM_F, MINOR, "10-14 19:20", regrade="10-14 21:00|severe:high"),
    story(TELECOM_F, SEVERE, "10-19 19:00", regrade="10-19 21:50|minor:low"),
    story(TELECOM_F, HIGH, "10-20 12:00", regrade="10-20 20:00|minor:low", resolve="10-21 08:30"),
    # Withdrawn: at once, and while a message is held.
    story(BANK_B, MINOR, "10-16 09:00", withdraw="10-16 09:30"),
    story(TELECOM_F, MINOR, "10-16 19:40", withdraw="10-16 23:00"),
]  # fmt: skip


def solve(scene: scenes.Scene, declaration: Declaration) -> None:
    scene.do(actions.resolve, declaration, scene.desk, **scene.solution())


def carry_out(scene: scenes.Scene, declaration: Declaration, step: str) -> None:
    verb, *grading = step.split(":")
    values: dict[str, Any]
    match verb:
        case "resolve":
            return solve(scene, declaration)
        case "reject":
            action, values = actions.reject, {"reason": "没有解决", "way": "phone"}
        case "wait":
            action, values = actions.wait, {"awaits": "批次号", "basis": "今日邮件", "contact": None}
        case "resume":
            action, values = actions.resume, {"received": "批次号", "way": "email"}
        case "withdraw":
            action, values = escalation.withdraw, {"who": "唐若宁", "how": "电话"}
        case _:
            impact, urgency = grading
            action = actions.reclassify
            values = {"grading": actions.Grading("BIZ-01", impact, urgency, basis="重新核实"), "reason": "影响有变"}
    scene.do(action, declaration, scene.desk, **values)


def sweep_until(limit: datetime, since: datetime) -> None:
    """As workers would have done: at each moment at which something is due, and once more each time."""
    while (due := next_check()) is not None and due < limit:
        # A rejection or a new target may find what was reached long ago due at once.
        with set_clock(max(due, since)):
            escalation.sweep()
            assert escalation.sweep() == 0


@pytest.fixture(scope="module")
def played(firm: None) -> Iterator[dict[int, Declaration]]:
    """The whole month, played once: the declaration of each story."""
    with transaction.atomic():
        yield play()
        transaction.set_rollback(True)


def play() -> dict[int, Declaration]:
    happens = [(each.start, number, "") for number, each in enumerate(MONTH)]
    happens += [(moment, number, step) for number, each in enumerate(MONTH) for moment, step in each.steps]
    found: dict[int, Declaration] = {}
    last = min(happens)[0]
    for moment, number, step in sorted(happens):
        sweep_until(moment, last)
        last = moment
        scene = SCENES[MONTH[number].customer]
        with set_clock(moment):
            if step:
                carry_out(scene, found[number], step)
            else:
                found[number] = scene.handled(*MONTH[number].grade)
    sweep_until(END, last)
    return found


def expected() -> list[tuple[int, ExpectedMessage]]:
    return [(number, message) for number, each in enumerate(MONTH) for message in messages(each, END)]


def test_every_warning_is_given_as_the_oracle_says(played: dict[int, Declaration], db: None) -> None:
    wanted = [
        (number, threshold, message.cycle, reached, message.at)
        for number, message in expected()
        for threshold, reached in message.thresholds
    ]
    numbers = {declaration.pk: number for number, declaration in played.items()}
    rows = Warning.objects.filter(declaration__in=numbers)
    found = [(numbers[row.declaration_id], row.threshold, row.cycle, row.reached_at, row.at) for row in rows]
    assert sorted(found) == sorted(wanted)
    assert len(wanted) > 80


def test_every_message_reaches_whom_the_oracle_says(played: dict[int, Declaration], db: None) -> None:
    wanted = Counter(
        (number, person, f"warning.resolution.{message.thresholds[-1][0]}", message.at)
        for number, message in expected()
        for person in recipients(MONTH[number].customer, message)
    )
    numbers = {declaration.stream: number for number, declaration in played.items()}
    rows = Notification.objects.filter(event__startswith="warning.resolution", stream__in=numbers)
    found = Counter(
        (
            numbers[row.stream],
            row.user.employee_number if row.user else row.contact.code,  # type: ignore[union-attr]
            row.event,
            row.created_at,
        )
        for row in rows.select_related("user", "contact")
    )
    assert found == wanted
    assert set(found.values()) == {1}


def recipients(customer: str, message: ExpectedMessage) -> list[str]:
    scene = SCENES[customer]
    return [scene.desk, scene.head, *([scene.contact] if message.customer else [])]


def test_none_says_that_it_is_late(played: dict[int, Declaration], db: None) -> None:
    """Nobody slept in this month; only a rejection, a resumption or a new target can find a threshold long behind."""
    late = Notification.objects.filter(event__startswith="warning.resolution", data__has_key="reached_at")
    moved = {number for number, each in enumerate(MONTH) if {step.split(":")[0] for _at, step in each.steps} & MOVING}
    numbers = {declaration.stream: number for number, declaration in played.items()}
    assert {numbers[row.stream] for row in late} <= moved


def test_none_is_given_while_the_clock_stands(played: dict[int, Declaration], db: None) -> None:
    for number, declaration in played.items():
        clock = Declaration.objects.select_related("resolution_clock").get(pk=declaration.pk).resolution_clock
        assert clock is not None
        pauses = [(start, end or END) for start, end in clock.pauses]
        for warning in Warning.objects.filter(declaration=declaration):
            assert not any(start < warning.at < end for start, end in pauses), number


def test_the_chains_are_whole(played: dict[int, Declaration], db: None) -> None:
    assert list(verify()) == []
    assert [compare(Declaration.objects.get(pk=each.pk)) for each in played.values()] == [None] * len(played)


def test_the_oracle_knows_the_holidays() -> None:
    """A few results by hand, so that the oracle is not taken at its word."""
    [first, second, third] = messages(MONTH[0], END)
    assert [message.at for message in (first, second, third)] == [
        at("2026-09-21T14:30:00"),
        at("2026-09-21T15:06:00"),
        at("2026-09-21T15:30:00"),
    ]
    assert second.customer
    assert not third.customer
    # Two working hours on the last day before the holidays, one more on the eighth.
    assert messages(MONTH[3], END)[0].at == at("2026-10-08T10:00:00")
    # Reached at a quarter past eight in the evening of a working day: the next opening.
    assert messages(MONTH[11], END)[0].at == at("2026-09-24T09:00:00")
    assert messages(MONTH[11], END)[0].at - MONTH[11].start > timedelta(hours=12)
