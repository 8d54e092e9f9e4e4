"""The keys that rows may name: those that stand, and those that the file enters above them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.actors import local_day
from accounts.models import Contact, Customer, Delegation, Department, RoleGrant, User
from accounts.models.grants import FOR_A_CUSTOMER, FOR_A_DEPARTMENT
from base.clock import now
from base.text import fold
from knowledge.models import KnowledgeArticle
from procedure.queries import Leaf, in_force, rules
from sla.models import Calendar, Contract
from workbook.cells import Wrong, shortened

Days = tuple[date, date | None]


class Known:
    """Sets of keys, folded, and what else rows are compared with across sheets; one statement for each set.

    Only keys are held, never rows: with twenty thousand rows these are a few megabytes.
    """

    def __init__(self) -> None:
        self._names: dict[str, dict[str, str]] = {}
        self._keys: dict[str, dict[str, str]] = {
            "departments": _folded(Department, "code"),
            "people": _folded(User, "employee_number"),
            "customers": _folded(Customer, "code"),
            "calendars": _folded(Calendar, "name"),
            "contacts": _folded(Contact, "code"),
            "articles": _folded(KnowledgeArticle, "code"),
            "contracts": _folded(Contract, "number"),
            "leaves": {fold(code): code for code, leaf in _leaves().items() if leaf.is_active},
        }

    def resolve(self, to: str, text: str) -> str:
        """The key that a row names; raises `Wrong` where there is none, also for one that is only written alike."""
        found = self._keys[to].get(fold(text))
        if found == text:
            return found
        if found is not None:
            raise Wrong(_("“%(text)s” is written otherwise than “%(code)s”. Write it the same.") % _both(text, found))
        raise Wrong(_("Nothing has the key “%(text)s”. Enter it on its sheet, or correct it.") % _both(text, ""))

    def own(self, to: str, text: str, *, narrow: bool) -> str:
        """The key that a row has itself, which the rows below may name; raises `Wrong` where it looks like another's
        and is not the same, and with `narrow` where a new one has full-width signs."""
        found = self._keys.get(to, {}).get(fold(text))
        if found is not None and found != text:
            sentence = _("“%(text)s” looks like “%(code)s”. Write it the same, or choose another.")
            raise Wrong(sentence % _both(text, found))
        plain = unicodedata.normalize("NFKC", text)
        if narrow and found is None and plain != text:
            raise Wrong(_("“%(text)s” has full-width signs. Write “%(code)s”.") % _both(text, plain))
        self._keys.setdefault(to, {}).setdefault(fold(text), text)
        return text

    def has(self, to: str, key: str) -> bool:
        """Whether a row may name that key, written so."""
        return self._keys[to].get(fold(key)) == key

    def names(self, of: str, rows: Callable[[], Iterable[tuple[str, str]]]) -> dict[str, str]:
        """Who has each value of a column that no two rows share, the values folded; `rows` are asked for once."""
        if of not in self._names:
            self._names[of] = {fold(value): key for value, key in rows()}
        return self._names[of]

    @cached_property
    def away(self) -> list[tuple[str, str, datetime, datetime]]:
        """Who is or will be away, counting on whom."""
        open_ones = Delegation.objects.filter(declined_at=None, ends_at__gt=now())
        names = ("from_user__employee_number", "to_user__employee_number", "starts_at", "ends_at")
        return list(open_ones.values_list(*names))

    @cached_property
    def ended(self) -> dict[str, date]:
        """The last day of each department that has one."""
        found = Department.objects.exclude(ended_on=None).values_list("code", "ended_on")
        return {code: day for code, day in found if day is not None}

    @cached_property
    def holders(self) -> dict[tuple[str, ...], dict[str, Days]]:
        """Who holds each role for which there is room for one, when, under the key of the grant."""
        held: dict[tuple[str, ...], dict[str, Days]] = defaultdict(dict)
        grants = RoleGrant.objects.filter(user__is_active=True)
        names = ("user__employee_number", "role", "department__code", "customer__code", "starts_on", "ends_on")
        for person, role, department, customer, first, last in grants.values_list(*names):
            room = room_of(role, department or "", customer or "", person)
            held[room]["|".join((person, role, department or "", customer or "", first.isoformat()))] = (first, last)
        return held

    @cached_property
    def agreed(self) -> dict[str, dict[str, Days]]:
        """As `agreed_days`, with those of the file as they come."""
        return self.agreed_days()

    @staticmethod
    def agreed_days() -> dict[str, dict[str, Days]]:
        """The days of the contracts of each customer, under their numbers."""
        found: dict[str, dict[str, Days]] = defaultdict(dict)
        for customer, number, first, last in Contract.objects.values_list(
            "customer__code", "number", "starts_on", "ends_on"
        ):
            found[customer][number] = (first, last)
        return found


def room_of(role: str, department: str, customer: str, person: str) -> tuple[str, ...]:
    """For what a second grant at the same time is refused."""
    alone = role in (*FOR_A_CUSTOMER, *FOR_A_DEPARTMENT)
    return (role, department, customer, "" if alone else person)


def overlap(one: Days, other: Days) -> bool:
    """Whether they share a day; both ends belong to them."""
    (first, last), (other_first, other_last) = one, other
    return (last is None or last >= other_first) and (other_last is None or other_last >= first)


def leaf_codes() -> list[str]:
    """The codes of the leaves that are in use."""
    return [code for code, leaf in _leaves().items() if leaf.is_active]


def _leaves() -> Mapping[str, Leaf]:
    return rules(in_force(local_day(now())).pk).leaves


def _folded(model: type[Model], column: str) -> dict[str, str]:
    return {fold(key): key for key in model._default_manager.values_list(column, flat=True)}


def _both(text: str, code: str) -> dict[str, str]:
    return {"text": shortened(text), "code": code}
