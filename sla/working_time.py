"""What counts as working time, in microseconds since 1970 (UTC): the ground under `sla.arithmetic`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from threading import Lock
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

Window: TypeAlias = tuple[int, int]
Span: TypeAlias = tuple[int, int]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
DAY = 1440 * MINUTE
EPOCH_ORDINAL = EPOCH.toordinal()
BLOCK = 512 * DAY
# Two days short of what a datetime can hold, so that every time zone can still show it.
EARLIEST = (date.min.toordinal() - EPOCH_ORDINAL + 2) * DAY
LATEST = (date.max.toordinal() - EPOCH_ORDINAL - 2) * DAY


class Calendar(Protocol):
    """What counts: `ALWAYS` or a `WorkingCalendar`. Instants are microseconds since 1970 in UTC."""

    zone: tzinfo | None

    def counted(self, instant: int) -> int:
        """The time counted up to `instant` since some fixed beginning."""

    def reached(self, counted: int) -> int:
        """The earliest instant at which so much has been counted; OverflowError if that is never."""

    def spans(self, begin: int, end: int) -> Iterator[Span]:
        """The stretches between two instants that count, in order."""


class _Always:
    zone: tzinfo | None = None

    def counted(self, instant: int) -> int:
        return instant

    def reached(self, counted: int) -> int:
        return counted

    def spans(self, begin: int, end: int) -> Iterator[Span]:
        if begin < end:
            yield begin, end

    def __repr__(self) -> str:
        return "ALWAYS"


ALWAYS: Calendar = _Always()


@dataclass(frozen=True, slots=True)
class _Table:
    """Every window of the UTC days in [since, until), with the time counted before each and after all."""

    since: int
    until: int
    begins: list[int]
    ends: list[int]
    before: list[int]
    total: int


class WorkingCalendar:
    """The working windows of each weekday, with dates that differ.

    `timezone` is an IANA name. `weekly` maps weekdays (Monday = 0) and `exceptions` dates to windows in minutes since
    local midnight, 0 to 1440, end excluded. An exception replaces its day; without windows it is a day off. Raises
    `ValueError` for an unknown zone or weekday, windows that are empty, outside the day or overlap, and a calendar
    in which nobody ever works. Never changes; may be shared by threads.

    Windows become instants when they are first asked for, at least twice as many as before so that the cost of growing
    stays in proportion; asking again is a binary search.
    """

    def __init__(
        self,
        timezone: str,
        weekly: Mapping[int, Sequence[Window]],
        exceptions: Mapping[date, Sequence[Window]] | None = None,
    ) -> None:
        try:
            self.zone: tzinfo | None = ZoneInfo(timezone)
        except (KeyError, OSError, TypeError) as error:
            raise ValueError(f"unknown time zone: {timezone}") from error
        if not all(type(weekday) is int and 0 <= weekday < 7 for weekday in weekly):
            raise ValueError("weekdays are 0 (Monday) to 6")
        # A datetime is a date to Python, but one of which zone?
        if not all(type(day) is date for day in exceptions or ()):
            raise ValueError("exceptions are dates")
        self.timezone = timezone
        self.weekly = {weekday: _checked(weekly.get(weekday, ())) for weekday in range(7)}
        self.exceptions = {day: _checked(windows) for day, windows in (exceptions or {}).items()}
        self._by_day = {day.toordinal() - EPOCH_ORDINAL: windows for day, windows in self.exceptions.items()}
        self._earliest, self._latest = self._horizon()
        self._table = _Table(self._earliest, self._earliest, [], [], [], 0)
        self._lock = Lock()

    @property
    def day_windows(self) -> tuple[Window, ...]:
        """The windows of a normal working day: those of the weekday with the most working time."""
        return max(self.weekly.values(), key=_minutes) or max(self.exceptions.values(), key=_minutes)

    @property
    def minutes_of_a_day(self) -> int:
        """The working time of a normal day, by which working days are counted."""
        return _minutes(self.day_windows)

    def working_days(self, first: date, last: date) -> int:
        """How many days from `first` to `last`, both counted, have working time."""
        days = range(first.toordinal() - EPOCH_ORDINAL, last.toordinal() - EPOCH_ORDINAL + 1)
        return sum(bool(self._day(day)) for day in days)

    def counted(self, instant: int) -> int:
        table = self._covering(instant)
        index = bisect_right(table.begins, instant) - 1
        if index < 0:
            return table.before[0] if table.before else 0
        end = table.ends[index]
        return table.before[index] + (instant if instant < end else end) - table.begins[index]

    def reached(self, counted: int) -> int:
        table = self._table
        while counted > table.total:
            if table.until >= self._latest:
                raise OverflowError("this calendar never reaches so much working time")
            table = self._covering(table.until)
        index = bisect_left(table.before, counted) - 1
        return table.begins[index] + counted - table.before[index]

    def spans(self, begin: int, end: int) -> Iterator[Span]:
        self._covering(begin)
        table = self._covering(end)
        for index in range(bisect_right(table.ends, begin), bisect_left(table.begins, end)):
            yield max(begin, table.begins[index]), min(end, table.ends[index])

    def _horizon(self) -> Span:
        """The time worth looking at: all, or that of the exceptions if no week has working time."""
        if any(self.weekly.values()):
            return EARLIEST, LATEST
        working = [day for day, windows in self._by_day.items() if windows]
        if not working:
            raise ValueError("a calendar needs working time")
        return (min(working) - 2) * DAY, (max(working) + 2) * DAY

    def _covering(self, instant: int) -> _Table:
        """The table, made to reach beyond `instant` as far as the calendar goes."""
        table = self._table
        if table.since <= instant < table.until:
            return table
        instant = min(max(instant, self._earliest), self._latest - 1)
        with self._lock:
            table = self._table
            if table.since == table.until:
                day = instant // DAY * DAY
                table = _Table(day, day, [], [], [], 0)
            while instant >= table.until:
                table = self._later(table)
            while instant < table.since:
                table = self._earlier(table)
            self._table = table
        return table

    def _later(self, table: _Table) -> _Table:
        until = min(table.until + _more(table), self._latest)
        begins, ends = self._windows(table.until, until)
        before, total = _sums(begins, ends, table.total)
        return _Table(table.since, until, table.begins + begins, table.ends + ends, table.before + before, total)

    def _earlier(self, table: _Table) -> _Table:
        since = max(table.since - _more(table), self._earliest)
        begins, ends = self._windows(since, table.since)
        counted = table.before[0] if table.before else table.total
        before, _ = _sums(begins, ends, counted - sum(ends) + sum(begins))
        return _Table(since, table.until, begins + table.begins, ends + table.ends, before + table.before, table.total)

    def _windows(self, since: int, until: int) -> tuple[list[int], list[int]]:
        """The windows of a block of UTC days, cut at its edges and wherever the offset changes."""
        begins: list[int] = []
        ends: list[int] = []
        for start, stop, offset in self._stretches(since, until):
            for day in range((start + offset) // DAY, (stop + offset - 1) // DAY + 1):
                midnight = day * DAY - offset
                for opening, closing in self._day(day):
                    begin = max(start, midnight + opening * MINUTE)
                    end = min(stop, midnight + closing * MINUTE)
                    if begin < end:
                        begins.append(begin)
                        ends.append(end)
        return begins, ends

    def _day(self, day: int) -> tuple[Window, ...]:
        windows = self._by_day.get(day)
        # The first of January 1970 was a Thursday.
        return self.weekly[(day + 3) % 7] if windows is None else windows

    def _stretches(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """(start, stop, offset from UTC) of each stretch without a change of the offset."""
        start, offset = begin, self._offset(begin)
        for midnight in range(begin + DAY, end + DAY, DAY):
            if self._offset(midnight) != offset:
                change = self._change(midnight - DAY, midnight, offset)
                yield start, change, offset
                start, offset = change, self._offset(midnight)
        yield start, end, offset

    def _change(self, low: int, high: int, offset: int) -> int:
        """The first instant after `low` with another offset; changes fall on whole seconds."""
        while high - low > 1_000_000:
            middle = (low + high) // 2_000_000 * 1_000_000
            if self._offset(middle) == offset:
                low = middle
            else:
                high = middle
        return high

    def _offset(self, instant: int) -> int:
        shift = (EPOCH + instant * MICROSECOND).astimezone(self.zone).utcoffset()
        return (shift or timedelta(0)) // MICROSECOND


def _more(table: _Table) -> int:
    return max(BLOCK, table.until - table.since)


def _checked(windows: Sequence[Window]) -> tuple[Window, ...]:
    try:
        ordered = tuple(sorted((opening, closing) for opening, closing in windows))
    except (TypeError, ValueError) as error:
        raise ValueError(f"a window is a pair of minutes: {windows!r}") from error
    for opening, closing in ordered:
        whole = type(opening) is int and type(closing) is int
        if not whole or not 0 <= opening < closing <= 1440:
            raise ValueError(f"a window needs 0 <= start < end <= 1440 whole minutes: {opening!r}, {closing!r}")
    for (_, closing), (opening, _) in pairwise(ordered):
        if opening < closing:
            raise ValueError("windows of a day must not overlap")
    return ordered


def _minutes(windows: Sequence[Window]) -> int:
    return sum(closing - opening for opening, closing in windows)


def _sums(begins: list[int], ends: list[int], total: int) -> tuple[list[int], int]:
    """The time counted before each window and after the last, if `total` was counted before the first."""
    before = []
    for begin, end in zip(begins, ends, strict=True):
        before.append(total)
        total += end - begin
    return before, total
