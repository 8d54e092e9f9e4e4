"""What one transaction of the sweep knows: who holds which role, which calendar counts, which records it has locked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.models import Delegation, Department, Role, User
from accounts.queries import head_of, holders, running_delegations
from escalation.queries import quiet_until
from incidents.models import Declaration
from incidents.queries.outlook import outlook_at
from procedure.queries import rules
from sla.arithmetic import WorkingCalendar
from sla.prediction import Outlook
from sla.queries import calendar_of, working_calendar
from sla.targets import Target

# All that a warning needs of a record; the long texts stay where they are.
COLUMNS = (
    "number",
    "state",
    "priority",
    "leaf",
    "procedure_version",
    "department",
    "desk",
    "handler",
    "contact",
    "contract",
    "customer_warned_at",
    "due_at",
    "is_major",
    "escalation_climbed",
)
BESIDE = ("department", "desk", "handler", "contact", "contract__calendar")


@dataclass
class SweepBatch:
    """One moment, and what was looked up at it; each question is asked once, however many records need the answer."""

    at: datetime
    _heads: dict[int, User | None] = field(default_factory=dict)
    _holders: dict[str, list[User]] = field(default_factory=dict)
    _away: dict[str, list[Delegation]] = field(default_factory=dict)
    _outlooks: dict[tuple[int, str, int, int], Outlook] = field(default_factory=dict)
    _calendars: dict[int | None, WorkingCalendar] = field(default_factory=dict)
    _answers: dict[tuple[int, int | None, int | None], datetime] = field(default_factory=dict)

    def lock(self, keys: Iterable[int]) -> dict[int, Declaration]:
        """Lock those of the declarations that nobody holds; the others are left for the next round.

        Seven statements with all that stands beside them: the sweep never waits for a record in somebody's hands.
        """
        free = Declaration.objects.select_for_update(of=("self",), skip_locked=True)
        found = list(free.filter(pk__in=set(keys)).only(*COLUMNS))
        prefetch_related_objects(found, *BESIDE)
        return {declaration.pk: declaration for declaration in found}

    def head(self, department: Department) -> User | None:
        """Who decides for the department at this moment."""
        if department.pk not in self._heads:
            self._heads[department.pk] = head_of(department)
        return self._heads[department.pk]

    def holders(self, role: Role) -> list[User]:
        """Everybody who holds the role today."""
        if role not in self._holders:
            self._holders[role] = holders(role)
        return self._holders[role]

    def away(self, role: Role, department: Department) -> list[User]:
        """Those for whom somebody stands in at this moment."""
        if role not in self._away:
            self._away[role] = list(running_delegations(role, self.at))
        return [one.from_user for one in self._away[role] if one.department_id in (None, department.pk)]

    def parameter(self, declaration: Declaration, key: str) -> Any:
        """A parameter of the procedure that the record was accepted under."""
        return rules(declaration.procedure_version_id).parameter(key)

    def calendar(self, declaration: Declaration) -> WorkingCalendar:
        """The calendar of the contract, else the default."""
        key = declaration.contract_id
        if key not in self._calendars:
            self._calendars[key] = working_calendar(calendar_of(declaration.contract))
        return self._calendars[key]

    def outlook(self, declaration: Declaration, percent: int) -> Outlook:
        """What is known of such incidents that ran so long; one statement for each kind and percent."""
        priority, leaf, version = declaration.priority or 0, declaration.leaf, declaration.procedure_version_id
        key = (priority, leaf, version, percent)
        if key not in self._outlooks:
            self._outlooks[key] = outlook_at(priority, leaf, rules(version), percent)
        return self._outlooks[key]

    def quiet_until(self, declaration: Declaration, moment: datetime) -> datetime | None:
        """The opening for which messages of the record wait at that moment, or None if they go at once."""
        quiet = self.parameter(declaration, "quiet_hours")
        return quiet_until(moment, quiet, declaration.priority, self.calendar(declaration))

    def answer_due(self, declaration: Declaration) -> datetime:
        """Until when somebody has to acknowledge what is told now; by level, in working time or round the clock."""
        key = (declaration.procedure_version_id, declaration.priority, declaration.contract_id)
        if key not in self._answers:
            within = self.parameter(declaration, "acknowledge_within")
            span = Target.from_data(within.get(str(declaration.priority), within["other"]))
            due = span.due(self.at, self.calendar(declaration))
            assert due is not None  # Nothing pauses it.
            self._answers[key] = due
        return self._answers[key]
