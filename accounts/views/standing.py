"""How roles, proofs and deputies stand, in the words of a person's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import Delegation, Qualification, Role, RoleGrant, User
from accounts.wording import scope_of

Mark = tuple[str, str, str]


@dataclass(frozen=True)
class RoleLine:
    """A grant with its names, and whether it may still be ended or handed on."""

    grant: RoleGrant
    role: str
    scope: str
    mark: Mark
    runs: bool


@dataclass(frozen=True)
class LentLine:
    """A delegation as its giver (`is_given`) or its deputy sees it."""

    delegation: Delegation
    role: str
    scope: str
    mark: Mark
    is_given: bool
    runs: bool


def role_lines(grants: Iterable[RoleGrant], today: date) -> list[RoleLine]:
    """Present and coming roles first, past ones after them, newest first in both."""
    lines = [
        RoleLine(
            each,
            str(Role(each.role).label),
            scope_of(each),
            _mark(each.starts_on, each.ends_on, today, _("Held today")),
            runs=each.ends_on is None or each.ends_on >= today,
        )
        for each in grants
    ]
    return sorted(lines, key=lambda line: not line.runs)


def proof_lines(proofs: Iterable[Qualification], today: date) -> list[tuple[str, Qualification, Mark]]:
    """Each proof with its kind; an expired one is amber, as it warns and blocks nothing (R-8-1)."""
    return [(str(Qualification.Kind(each.kind).label), each, _proof_mark(each, today)) for each in proofs]


def lent_lines(delegations: Iterable[Delegation], person: User, at: datetime) -> list[LentLine]:
    """In the order in which they are given."""
    return [
        LentLine(
            each,
            str(Role(each.role).label),
            scope_of(each),
            lent_mark(each, at),
            is_given=each.from_user_id == person.pk,
            runs=each.ends_at > at and each.declined_at is None,
        )
        for each in delegations
    ]


def lent_mark(lent: Delegation, at: datetime) -> Mark:
    """Where a delegation stands at that moment."""
    if lent.declined_at is not None:
        return _("Declined"), "red", "circle-x"
    if lent.starts_at == lent.ends_at:
        return _("Taken back"), "grey", "circle-minus"
    if lent.ends_at <= at:
        return _("Ended"), "grey", "circle-minus"
    return (_("Stands in"), "green", "check") if lent.starts_at <= at else (_("To come"), "blue", "calendar-event")


def _mark(starts_on: date, ends_on: date | None, today: date, now: str) -> Mark:
    if starts_on > today:
        return _("To come"), "blue", "calendar-event"
    if ends_on is not None and ends_on < today:
        return _("Ended"), "grey", "circle-minus"
    return now, "green", "check"


def _proof_mark(proof: Qualification, today: date) -> Mark:
    if proof.expires_on is not None and proof.expires_on < today:
        return _("Expired"), "amber", "alert-triangle"
    return _mark(proof.obtained_on, None, today, _("Valid"))
