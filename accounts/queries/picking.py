"""Colleagues to choose from: who they are, what finds them, and who is away today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import local_day
from accounts.models import Delegation, Role, RoleGrant, User
from base.clock import now
from base.initials import letters_of
from base.text import side_by_side

Group = tuple[str, list["Colleague"]]


@dataclass(frozen=True)
class Colleague:
    """One person of a choice: `about` is the number and what they are here for, `away` says who stands in today."""

    user: User
    roles: tuple[str, ...] = ()
    deputies: tuple[User, ...] = ()

    @property
    def about(self) -> str:
        what = _(", ").join(self.roles) or self.user.title
        return side_by_side(self.user.employee_number, str(self.user.department), what)

    @property
    def away(self) -> str:
        if not self.deputies:
            return ""
        names = _(", ").join(one.get_full_name() for one in self.deputies)
        return _("away today, deputy: %(names)s") % {"names": names}

    @property
    def letters(self) -> str:
        """By what the person is found besides the name that is shown, in small letters."""
        other = (self.user.name, self.user.name_en, self.user.employee_number)
        return " ".join([letters_of(self.user.name), *(one.lower() for one in other if one)])

    def __str__(self) -> str:
        return side_by_side(self.user.get_full_name(), self.user.employee_number, *self._rest())

    def _rest(self) -> Iterator[str]:
        yield _(", ").join(self.roles) or self.user.title
        yield self.away


def colleagues_in(offered: QuerySet[User], *, near: User | None, likely: Sequence[int] = ()) -> list[Group]:
    """These people, each once: the likely ones first, in that order and with who stands in for each who is away; then
    by department and number, the department of `near` before the others.

    Three statements, by the primary key, `grant_role_scope` and over the absences that run; a row for each person.
    """
    people = list(offered.select_related("department").order_by("department__code", "employee_number"))
    roles, away = (_roles(offered), absences_now()) if people else ({}, {})
    found = {one.pk: Colleague(one, roles.get(one.pk, ()), away.get(one.pk, ())) for one in people}
    first = [found[key] for key in _with_deputies(likely, away) if key in found]
    groups: dict[str, list[Colleague]] = {_("Likely"): first} if first else {}
    own = near.department_id if near else None
    for each in sorted(found.values(), key=lambda each: each.user.department_id != own):
        if each not in first:
            groups.setdefault(str(each.user.department), []).append(each)
    return list(groups.items())


def first_of(offered: QuerySet[User], likely: Sequence[int]) -> User | None:
    """The likeliest of these people who is here today; two statements."""
    away = absences_now()
    keys = [key for key in _with_deputies(likely, away) if key not in away]
    found = offered.in_bulk(keys) if keys else {}
    return next((found[key] for key in keys if key in found), None)


def _with_deputies(likely: Iterable[int], away: Mapping[int, tuple[User, ...]]) -> list[int]:
    """Who is away can do nothing today: their deputies come before them."""
    ordered = (key for one in likely for key in [*(each.pk for each in away.get(one, ())), one])
    return list(dict.fromkeys(ordered))


def absences_now() -> dict[int, tuple[User, ...]]:
    """Who is away at this moment, with those who stand in, once each; one statement over what runs."""
    at = now()
    running = Delegation.objects.filter(starts_at__lte=at, ends_at__gt=at, declined_at=None, to_user__is_active=True)
    found: dict[int, dict[int, User]] = {}
    for one in running.select_related("to_user").order_by("starts_at", "pk"):
        found.setdefault(one.from_user_id, {})[one.to_user_id] = one.to_user
    return {key: tuple(people.values()) for key, people in found.items()}


def _roles(offered: QuerySet[User]) -> dict[int, tuple[str, ...]]:
    grants = RoleGrant.objects.in_force(local_day(now())).filter(user__in=offered.order_by().values("pk"))
    held: dict[int, list[str]] = {}
    for user, role in grants.order_by("role").values_list("user", "role").distinct():
        held.setdefault(user, []).append(str(Role(role).label))
    return {key: tuple(names) for key, names in held.items()}
