"""The figures divided by month, department, customer or level: the lines of the table and the bars of the chart."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Customer, Department
from reports.figures import FigureCell, Sums, summed
from reports.periods import Month, Period

NONE = "none"
LEVELS: dict[str, Promise] = {
    "1": pgettext_lazy("level", "Level 1"),
    "2": pgettext_lazy("level", "Level 2"),
    "3": pgettext_lazy("level", "Level 3"),
    "4": pgettext_lazy("level", "Level 4"),
    NONE: gettext_lazy("No level"),
}
UNKNOWN_CUSTOMER = gettext_lazy("Unknown customer")
EARLIER = "earlier"


class By(models.TextChoices):
    """By what the figures are divided."""

    MONTH = "month", gettext_lazy("Month")
    DEPARTMENT = "department", gettext_lazy("Department")
    CUSTOMER = "customer", gettext_lazy("Customer")
    LEVEL = "level", gettext_lazy("Level")


@dataclass(frozen=True)
class FigureLine:
    """One part: its key for programs, its name for people, and the filters that narrow a list to it.

    Of a `month`, only what fell due in it is overdue; everywhere else also what did before the period.
    """

    key: str
    label: str
    sums: Sums
    filters: Mapping[str, str] = field(default_factory=dict)
    month: bool = False


def lines(
    by: By,
    cells: Iterable[FigureCell],
    period: Period,
    departments: Mapping[int, Department],
    customers: Mapping[int, Customer],
) -> list[FigureLine]:
    """The parts in their order: months as they follow, departments by code, customers with most misses first.

    Every month of the period has a line, and together the lines hold all that was counted: what is overdue from
    before the period stands in a line of its own.
    """
    match by:
        case By.MONTH:
            return _months(summed(cells, lambda cell: cell.month), period)
        case By.DEPARTMENT:
            return _departments(summed(cells, lambda cell: cell.department), departments)
        case By.CUSTOMER:
            return _customers(summed(cells, lambda cell: cell.customer), customers)
    return _levels(summed(cells, lambda cell: cell.level))


def _months(found: Mapping[Hashable, Sums], period: Period) -> list[FigureLine]:
    within = [
        FigureLine(str(month), str(month), found.get(month, Sums()), _only(month), month=True) for month in period
    ]
    before = found.get(None, Sums())
    earlier = FigureLine(EARLIER, _("Earlier"), before, _only(period.first.later(-1)))
    return [earlier, *within] if before.overdue else within


def _only(month: Month) -> dict[str, str]:
    return {"since": str(month), "until": str(month)}


def _departments(found: Mapping[Hashable, Sums], departments: Mapping[int, Department]) -> list[FigureLine]:
    known = [(departments[key], sums) for key, sums in found.items() if isinstance(key, int)]
    ordered = sorted(known, key=lambda pair: pair[0].code)
    return [FigureLine(each.code, str(each), sums, {"department": each.code}) for each, sums in ordered]


def _customers(found: Mapping[Hashable, Sums], customers: Mapping[int, Customer]) -> list[FigureLine]:
    made = [
        FigureLine(customers[key].code, customers[key].name, sums, {"customer": customers[key].code})
        for key, sums in found.items()
        if isinstance(key, int)
    ]
    if None in found:
        made.append(FigureLine(NONE, str(UNKNOWN_CUSTOMER), found[None], {"customer": NONE}))
    return sorted(made, key=lambda line: (-_misses(line.sums), -line.sums.response.denominator, line.key))


def _levels(found: Mapping[Hashable, Sums]) -> list[FigureLine]:
    numbers = {str(key) if key else NONE: sums for key, sums in found.items()}
    return [FigureLine(key, str(word), numbers[key], {"level": key}) for key, word in LEVELS.items() if key in numbers]


def _misses(sums: Sums) -> int:
    return sums.resolution.missed + sums.overdue + sums.response.missed
