"""A warning that nobody acknowledges climbs: to the head or whoever stands in, then to management (R-5.4.6-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.actors import SYSTEM
from accounts.models import Role, User
from escalation.actions.batches import SweepBatch
from escalation.models import Climb, Unanswered
from incidents.models import END_STATES, Declaration, State
from ledger.actions import Change, record_all
from notifications.actions import Notice, notify_all

CLAUSE = "5.4.6"
HOUR = timedelta(hours=1)
SETTLED = END_STATES | {State.RESOLVED, State.CLOSED}


def claim_unanswered(at: datetime, limit: int, among: Collection[int] | None = None) -> list[Unanswered]:
    """Lock up to `limit` warnings that climb on by `at`, by `unanswered_check`; `among` narrows it to keys."""
    due = Unanswered.objects.select_for_update(of=("self",), skip_locked=True).filter(next_check_at__lte=at)
    if among is not None:
        due = due.filter(pk__in=among)
    return list(due.select_related("warning__clock").order_by("next_check_at")[:limit])


def climb(rows: Sequence[Unanswered], at: datetime) -> tuple[int, int]:
    """Tell the next level of each claimed one; none of it counts as a warning given, then how many were dealt with.

    Each person hears of a warning once, the chain has an end, and a record sends no more than `climbs_an_hour`.
    """
    climbing = Climbing(SweepBatch(at), _recent(rows, at), _told(rows))
    declarations = climbing.batch.lock(row.declaration_id for row in rows)
    free = [row for row in rows if row.declaration_id in declarations]
    for row in free:
        climbing.take(row, declarations[row.declaration_id])
    climbing.save(free)
    return 0, len(free)


@dataclass
class Climbing:
    """The climbs of one transaction."""

    batch: SweepBatch
    recent: dict[int, list[datetime]]
    told: dict[int, set[int]]
    changes: list[Change[Declaration]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    over: list[int] = field(default_factory=list)

    def take(self, row: Unanswered, declaration: Declaration) -> None:
        """Tell the next level, or see that there is nothing to tell now."""
        if _is_over(row, declaration):
            self.over.append(row.pk)
            return
        later = self._not_now(row, declaration)
        if later is None:
            self._up(row, declaration)
        else:
            row.next_check_at = later

    def save(self, rows: Sequence[Unanswered]) -> None:
        """Everything in as many statements as there are kinds of rows."""
        record_all(self.changes, signature=SYSTEM.signature(), meanwhile=lambda: notify_all(self.notices))
        Unanswered.objects.filter(pk__in=self.over).delete()
        gone = set(self.over)
        standing = [row for row in rows if row.pk not in gone]
        Unanswered.objects.bulk_update(standing, ["rung", "next_check_at"], batch_size=500)

    def _not_now(self, row: Unanswered, declaration: Declaration) -> datetime | None:
        clock = row.warning.clock
        if clock is not None and clock.paused_at is not None:
            return self.batch.answer_due(declaration)
        recent = self.recent.get(declaration.pk, [])
        if len(recent) >= self.batch.parameter(declaration, "climbs_an_hour"):
            return min(recent) + HOUR
        return self.batch.quiet_until(declaration, self.batch.at)

    def _up(self, row: Unanswered, declaration: Declaration) -> None:
        change = Change(declaration, "climb_warning", CLAUSE)
        chain: list[str] = self.batch.parameter(declaration, "climb_chain")
        skipped: list[dict[str, str]] = []
        people: list[User] = []
        while row.rung < len(chain) and not people:
            role = Role(chain[row.rung])
            skipped += [_absent(role, user) for user in self._away(role, declaration)]
            people = self._people(role, declaration, row)
            row.rung += 1
            for user in people:
                self._tell(change, row, user, role)
        row.next_check_at = self.batch.answer_due(declaration) if people else None
        change.note(threshold=row.warning.threshold, skipped=skipped, ended=not people)
        self.changes.append(change)

    def _tell(self, change: Change[Declaration], row: Unanswered, user: User, role: Role) -> None:
        declaration, at = change.record, self.batch.at
        change.add(Climb, declaration_id=declaration.pk, at=at, warning_id=row.warning_id, user_id=user.pk, role=role)
        self.recent.setdefault(declaration.pk, []).append(at)
        self.notices.append(
            Notice(
                f"unanswered.{role}",
                stream=declaration.stream,
                number=declaration.number,
                recipients=[user],
                data={"level": declaration.priority, "waits_since": row.warning.at},
                threshold=row.warning.threshold or 0,
                cycle=row.warning_id,
            )
        )

    def _people(self, role: Role, declaration: Declaration, row: Unanswered) -> list[User]:
        """Who is there in that role and has not heard of it; management sees only what is late or a major incident."""
        if role == Role.DEPARTMENT_HEAD:
            head = self.batch.head(declaration.department)
            people = [head] if head else []
        else:
            away = {user.pk for user in self._away(role, declaration)}
            people = [user for user in self.batch.holders(role) if user.pk not in away]
        if role == Role.MANAGEMENT and not self._is_for_management(declaration):
            return []
        heard = self.told.get(row.warning_id, set())
        return [user for user in people if user.pk not in heard]

    def _away(self, role: Role, declaration: Declaration) -> list[User]:
        return self.batch.away(role, declaration.department)

    def _is_for_management(self, declaration: Declaration) -> bool:
        return declaration.is_major or (declaration.due_at is not None and declaration.due_at <= self.batch.at)


def _absent(role: Role, user: User) -> dict[str, str]:
    return {"role": role, "person": user.stream, "name": user.name}


def _is_over(row: Unanswered, declaration: Declaration) -> bool:
    """The record is settled, the clock has ended, or it counts against another target by now."""
    clock = row.warning.clock
    return declaration.state in SETTLED or (clock is not None and (clock.has_ended or clock.cycle != row.warning.cycle))


def _recent(rows: Sequence[Unanswered], at: datetime) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    climbs = Climb.objects.filter(declaration__in=[row.declaration_id for row in rows], at__gt=at - HOUR)
    for declaration, moment in climbs.values_list("declaration_id", "at"):
        found[declaration].append(moment)
    return found


def _told(rows: Sequence[Unanswered]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    climbs = Climb.objects.filter(warning__in=[row.warning_id for row in rows])
    for warning, user in climbs.values_list("warning_id", "user_id"):
        found[warning].add(user)
    return found
