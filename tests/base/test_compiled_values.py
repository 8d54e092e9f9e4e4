"""A query whose text is kept finds what the ORM would find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db.models import BigIntegerField, DateField

from accounts.models import RoleGrant, User
from base.compiled import CompiledValues, Parameter
from tests.firm import CHEN_HEAD, LIU_DESK, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("firm")]
COLUMNS = ("role", "starts_on", "user__is_active", "user__last_login", "user__name")
KEPT = CompiledValues(
    lambda: (
        RoleGrant.objects.in_force(Parameter("day", DateField()))
        .filter(user=Parameter("user", BigIntegerField()))
        .values_list(*COLUMNS)
    )
)


def found_by_orm(user: User, day: date) -> list[tuple[object, ...]]:
    return list(RoleGrant.objects.in_force(day).filter(user=user).values_list(*COLUMNS))


@pytest.mark.parametrize("number", [LIU_DESK, CHEN_HEAD])
@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2020, 1, 1)])
def test_it_finds_what_the_orm_finds_with_values_of_the_same_kinds(number: str, day: date) -> None:
    user = person(number)
    assert list(KEPT.rows(user=user.pk, day=day)) == found_by_orm(user, day)
    assert bool(found_by_orm(user, day)) == (day.year == 2026)


def test_it_is_put_together_once_and_asked_anew(count_queries: Callable[[Callable[[], object]], int]) -> None:
    made = []
    query = CompiledValues(
        lambda: (made.append(1), User.objects.filter(pk=Parameter("user", BigIntegerField())).values_list("name"))[1]
    )
    user = person(LIU_DESK)
    assert list(query.rows(user=user.pk)) == [(user.name,)]
    User.objects.filter(pk=user.pk).update(name="刘改名")
    assert count_queries(lambda: list(query.rows(user=user.pk))) == 1
    assert (list(query.rows(user=user.pk)), made) == ([("刘改名",)], [1])
