"""Who asked for something sees who is going to give it, also while somebody stands in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from desk.record.waits import waits
from tests.firm import CHEN_HEAD, HE_RISK, LIN_HEAD, LIU_DESK, ZHENG_CUSTODIAN, client_of, person, stand_in
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_whoever_waits_for_the_head_reads_the_name() -> None:
    record = Scene().opined()
    page = client_of(LIU_DESK, headers={"accept-language": "en"}).get(reverse("record", args=[record.number]))
    assert f"the head of department. That is {person(CHEN_HEAD).name}." in page.content.decode()


def test_a_deputy_is_named_with_the_absent_person() -> None:
    record = Scene().opined()
    stand_in("department_head", CHEN_HEAD, LIN_HEAD)
    assert waits(record).endswith(f"That is {person(LIN_HEAD).name} (for {person(CHEN_HEAD).name}).")


def test_of_a_request_both_are_named_who_have_to_speak() -> None:
    told = waits(Scene().request_review())
    assert told.endswith(f"That is {person(HE_RISK).name}.")
    assert f"That is {person(CHEN_HEAD).name}." in told


def test_of_a_closed_one_the_custodian_is_named() -> None:
    page = client_of(LIU_DESK, headers={"accept-language": "en"}).get(reverse("record", args=[Scene().closed().number]))
    assert f"move. That is {person(ZHENG_CUSTODIAN).name}." in page.content.decode()


def test_where_no_role_is_waited_for_nobody_is_looked_up(count_queries: Callable[..., int]) -> None:
    record = Scene().waiting()
    assert count_queries(lambda: waits(record)) == 0
    assert waits(record) == "Now it is the customer's move."
