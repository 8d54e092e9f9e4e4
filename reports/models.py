"""What has been counted of the records that have ended, so that no page counts them again.

Everything here follows from the records and can be counted anew (`manage.py rebuild_figures`). Nothing here has a
foreign key in the database, which would let whoever counts and whoever works on a record wait for each other.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import DO_NOTHING, ForeignKey, OneToOneField

DERIVED = "Follows from the records and is counted anew from them; keeps the pages of the figures short."


def _link(to: str, **options: Any) -> Any:
    return ForeignKey(to, on_delete=DO_NOTHING, db_constraint=False, db_index=False, related_name="+", **options)


class Divided(models.Model):
    """By what figures are divided, and narrowed to what their reader may know of."""

    department = _link("accounts.Department")
    customer = _link("accounts.Customer", null=True)
    priority = models.PositiveSmallIntegerField(null=True)
    restricted = models.BooleanField()

    class Meta:
        abstract = True


class CountedRecord(Divided):
    """What a record that has ended adds to the figures; a record that adds nothing has no row.

    The months are first days: that of the solution, where it counts as solved, and that of the receipt, where the
    verdict on the response is certain.
    """

    working_data: ClassVar[str] = DERIVED

    declaration = OneToOneField(
        "incidents.Declaration", primary_key=True, on_delete=DO_NOTHING, db_constraint=False, related_name="+"
    )
    solved_month = models.DateField(null=True)
    solved_in_time = models.BooleanField(default=False)
    both_in_time = models.BooleanField(default=False)
    answered_month = models.DateField(null=True)
    answered_in_time = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.declaration_id)


class MonthFigures(Divided):
    """The sum of the counted records of one month, department, customer and level, in days of China.

    Only whoever holds the turn to count writes here (`reports.actions.counting`), so there is one row of each kind.
    """

    working_data: ClassVar[str] = DERIVED

    month = models.DateField(db_index=True)
    solved = models.PositiveIntegerField(default=0)
    solved_in_time = models.PositiveIntegerField(default=0)
    both_in_time = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    answered_in_time = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} of department {self.department_id}"
