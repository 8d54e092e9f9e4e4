"""Which contract holds on a day, and whose target wins."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import SYSTEM
from sla.actions import Terms, create_calendar, create_contract
from sla.models import Contract, ContractTarget
from sla.queries import calendar_of, contract_for, resolution_target, response_target
from sla.targets import Target
from tests.sla.conftest import EIGHT_HOURS

pytestmark = pytest.mark.django_db
MATRIX = Target(24, "hour", "natural")
CHANNEL = Target(5, "minute", "natural")


@pytest.fixture
def contract(customer):
    terms = Terms(
        number="HT-1",
        name="后台集中处理",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        response=Target(15, "minute", "natural"),
        targets={1: Target(4, "hour", "natural"), 3: Target(240, "hour", "natural")},
    )
    return create_contract(customer, terms, actor=SYSTEM)


def test_both_end_days_belong_to_a_contract(contract, customer):
    for day, found in (
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), contract),
        (date(2026, 12, 31), contract),
        (date(2027, 1, 1), None),
    ):
        assert contract_for(customer, day) == found
        assert contract.in_force(day) is (found is not None)


def test_of_two_contracts_in_force_the_later_begun_holds(contract, customer):
    terms = Terms(number="HT-2", name="续签", starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))
    renewed = create_contract(customer, terms, actor=SYSTEM, overlap_accepted=True)
    assert contract_for(customer, date(2026, 6, 30)) == contract
    assert contract_for(customer, date(2026, 7, 1)) == renewed


def test_the_contract_wins_in_either_direction_and_a_missing_level_falls_back(contract):
    assert resolution_target(contract, 1, MATRIX) == (Target(4, "hour", "natural"), "contract")
    assert resolution_target(contract, 3, MATRIX) == (Target(240, "hour", "natural"), "contract")
    assert resolution_target(contract, 2, MATRIX) == (MATRIX, "matrix")
    assert resolution_target(None, 1, MATRIX) == (MATRIX, "matrix")


def test_the_response_target_is_the_contracts_else_the_channels(contract, customer):
    assert response_target(contract, "phone", CHANNEL) == (Target(15, "minute", "natural"), "contract")
    assert response_target(None, "phone", CHANNEL) == (CHANNEL, "channel")
    contract.response_target = None
    assert response_target(contract, "phone", CHANNEL) == (CHANNEL, "channel")


def test_a_contract_may_have_a_calendar_of_its_own(contract, calendar):
    assert calendar_of(contract) == calendar
    contract.calendar = create_calendar("Own", actor=SYSTEM, weekly=EIGHT_HOURS)
    assert calendar_of(contract).name == "Own"


def test_the_database_refuses_a_contract_that_ends_before_it_starts_and_a_fifth_level(contract, customer):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(
            customer=customer, number="X", name="X", starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 31)
        )
    for level in (0, 5, 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContractTarget.objects.create(contract=contract, level=level, target=MATRIX.as_data())
