"""A second opinion on whom a warning reaches and when: it walks over a story minute by minute and knows no other rule.

Nothing here comes from the product: working hours, holidays and targets are written down by hand, time is counted by
adding up minutes, and what is due is looked for in every single one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.firm import BANK_B, TELECOM_F

MINUTE = timedelta(minutes=1)
PERCENTS = (75, 90, 100)
HOLIDAYS = {date(2026, 9, day) for day in (25, 26, 27)} | {date(2026, 10, day) for day in range(1, 8)}
MADE_UP = {date(2026, 9, 20), date(2026, 10, 10)}
# Minutes and whether only working time counts; a month that begins in September has thirty days.
TARGETS = {
    BANK_B: {1: (1440, False), 2: (4320, False), 3: (43200, False), 4: (240, True)},
    TELECOM_F: {1: (240, False), 2: (1440, False), 3: (10080, False), 4: (60, False)},
}
LEVELS = {
    ("severe", "high"): 1,
    ("moderate", "high"): 2,
    ("severe", "medium"): 2,
    ("moderate", "medium"): 3,
    ("minor", "low"): 4,
}
PAUSES = {TELECOM_F}


@dataclass(frozen=True)
class ExpectedMessage:
    """One message: when, at which thresholds with the moment of each, in which cycle, and whether to the customer."""

    at: datetime
    thresholds: tuple[tuple[int, datetime], ...]
    cycle: int
    customer: bool


@dataclass
class Story:
    """A declaration: whose, how graded, when it began, and what happened to it later."""

    customer: str
    grade: tuple[str, str]
    start: datetime
    steps: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass
class Walk:
    """The state of one story at one minute."""

    story: Story
    level: int
    used: int = 0
    paused: bool = False
    stopped: bool = False
    over: bool = False
    cycle: int = 1
    customer_told: bool = False
    held_until: datetime | None = None
    dealt: set[int] = field(default_factory=set)
    first: dict[int, datetime] = field(default_factory=dict)

    @property
    def target(self) -> tuple[int, bool]:
        return TARGETS[self.story.customer][self.level]

    def reached(self) -> list[int]:
        return [percent for percent in PERCENTS if self.used * 100 >= percent * self.target[0]]

    def happen(self, what: str) -> None:
        """Every step on a clock lets the messages be thought over again."""
        self.held_until = None
        match what.split(":"):
            case ["wait"]:
                self.paused = self.story.customer in PAUSES
            case ["resume"]:
                self.paused = False
            case ["resolve"]:
                self.stopped = True
            case ["reject"]:
                self.stopped = False
            case ["withdraw"]:
                self.over = True
            case ["regrade", impact, urgency]:
                self.level, self.cycle = LEVELS[impact, urgency], self.cycle + 1
                self.dealt &= set(self.reached())

    def tell(self, at: datetime) -> ExpectedMessage | None:
        """What goes out at this minute, if anything."""
        due = [percent for percent in self.reached() if percent not in self.dealt]
        if not due or self.paused or self.stopped or self.over:
            return None
        if self.held_until is not None and at < self.held_until:
            return None
        if self.level in (3, 4) and is_quiet(at) and not is_working(at):
            self.held_until = opening_after(at)
            return None
        self.dealt |= set(due)
        customer = not self.customer_told and max(due) >= 90
        self.customer_told = self.customer_told or customer
        whole = self.target[0]
        return ExpectedMessage(
            at, tuple((percent, self.first[percent * whole // 100]) for percent in due), self.cycle, customer
        )


def messages(story: Story, until: datetime) -> list[ExpectedMessage]:
    """Every message of the story up to `until`, in order."""
    walk = Walk(story, LEVELS[story.grade])
    steps, told, at = sorted(story.steps), [], story.start
    walk.first[0] = at
    while at < until:
        while steps and steps[0][0] == at:
            walk.happen(steps.pop(0)[1])
        if message := walk.tell(at):
            told.append(message)
        # Solving stops no count: whoever rejects the solution never let it stop.
        if not walk.paused and (is_working(at) or not walk.target[1]):
            walk.used += 1
            walk.first.setdefault(walk.used, at + MINUTE)
        at += MINUTE
    return told


def is_working(at: datetime) -> bool:
    """Whether the minute that begins there is working time."""
    day = at.date()
    open_day = day in MADE_UP or (day.weekday() < 5 and day not in HOLIDAYS)
    minute = at.hour * 60 + at.minute
    return open_day and (540 <= minute < 720 or 810 <= minute < 1080)


def is_quiet(at: datetime) -> bool:
    """From eight in the evening to eight in the morning."""
    return at.hour >= 20 or at.hour < 8


def opening_after(at: datetime) -> datetime:
    """The next minute that is working time."""
    while not is_working(at):
        at += MINUTE
    return at
