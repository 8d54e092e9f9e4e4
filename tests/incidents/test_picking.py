"""Colleagues to choose from: each once, the likely ones first, and who is away today."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.forms.fields import PeopleOrNamesField
from accounts.models import Role, User
from accounts.queries import colleagues
from accounts.queries.picking import colleagues_in, first_of
from tests.firm import CHEN_HEAD, LIU_DESK, WANG_DESK, person, stand_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def field() -> PeopleOrNamesField:
    made = PeopleOrNamesField(required=False)
    made.offer(colleagues())
    return made


def typed(*values: str) -> list[str]:
    sent = QueryDict(mutable=True)
    sent.setlist("who", list(values))
    return list(field().clean(field().widget.value_from_datadict(sent, {}, "who")))


def test_everybody_stands_there_once_and_the_own_department_first(scene: Scene) -> None:
    groups = colleagues_in(colleagues(), near=person(LIU_DESK), likely=[person(CHEN_HEAD).pk])
    people = [each.user for _name, some in groups for each in some]
    assert people[0] == person(CHEN_HEAD)
    assert groups[1][0] == str(person(LIU_DESK).department)
    assert len(people) == len(set(people)) == colleagues().count()


def test_who_stands_in_comes_before_somebody_away_and_is_named(scene: Scene) -> None:
    stand_in(Role.SERVICE_DESK, LIU_DESK, WANG_DESK)
    likely = [person(LIU_DESK).pk]
    first = colleagues_in(colleagues(), near=None, likely=likely)[0][1]
    assert [each.user for each in first] == [person(WANG_DESK), person(LIU_DESK)]
    assert person(WANG_DESK).name in first[1].away
    assert not first[0].away
    assert first_of(colleagues(), likely) == person(WANG_DESK)


def test_as_many_statements_for_five_hundred_as_for_few(
    scene: Scene, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    def read() -> object:
        return colleagues_in(colleagues(), near=person(LIU_DESK))

    few = count_queries(read)
    department = person(LIU_DESK).department
    User.objects.bulk_create(
        User(username=f"many{n}", employee_number=f"M{n:04d}", name="欧阳予安", department=department)
        for n in range(500)
    )
    assert count_queries(read) == few == 4


def test_colleagues_are_written_down_by_name_and_others_as_they_are_typed(scene: Scene) -> None:
    assert typed(LIU_DESK, "供应商 王工\n李工程师") == [person(LIU_DESK).name, "供应商 王工", "李工程师"]


def test_of_two_with_one_name_the_number_tells_who_it_was(scene: Scene) -> None:
    User.objects.filter(pk=person(WANG_DESK).pk).update(name=person(LIU_DESK).name)
    assert typed(LIU_DESK) == [f"{person(LIU_DESK).name}（{LIU_DESK}）"]


def test_a_name_of_an_older_record_is_found_in_the_list_or_stays_in_the_lines(scene: Scene) -> None:
    html = field().widget.render("who", [person(LIU_DESK).name, "以前的供应商"], {"id": "id_who"})
    assert f'value="{LIU_DESK}" selected' in html
    assert ">以前的供应商</textarea>" in html


@pytest.mark.parametrize("hostile", ["\x00", "S05\x00"])
def test_what_no_keyboard_types_is_refused_and_breaks_nothing(scene: Scene, hostile: str) -> None:
    with pytest.raises(ValidationError):
        field().clean([hostile])
