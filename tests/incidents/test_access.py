"""Nobody may do anything on what they may not see; lists, counts and search show what the record page shows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.actors import NOBODY, SYSTEM, Actor, actor_for
from accounts.models import Delegation, Role, RoleGrant, User
from base.clock import set_clock
from incidents.access import capacities, declaration_for_reading, declarations, next_steps
from incidents.models import Declaration, State, moves
from incidents.queries.contacts import caller, hits
from incidents.queries.customers import customers_in_sight
from incidents.queries.listing import VIEWS, ListQuery, counts, listed
from incidents.queries.similar import similar
from tests import firm, scenes
from tests.firm import (
    CHEN_HEAD,
    GAO_MANAGEMENT,
    HE_RISK,
    LIU_DESK,
    LUO_BANK_B,
    SHEN_BANK_A,
    SUN_DESK,
    TANG_BANK_B,
    WANG_DESK,
    WU_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    person,
    staff,
    stand_in,
)
from tests.incidents.table import STATES

pytestmark = pytest.mark.django_db
STAFF = [f"S{number:02d}" for number in range(14)]
CONTACTS = [SHEN_BANK_A, TANG_BANK_B, LUO_BANK_B]
EVERYBODY = [*STAFF, *CONTACTS]


@pytest.fixture(scope="module")
def made(firm: None) -> Iterator[dict[str, Declaration]]:
    """One declaration in each state, and two hand-overs of other kinds."""
    with transaction.atomic(), set_clock(scenes.MONDAY):
        scene = scenes.Scene()
        found = {state: scene.at(state) for state in STATES}
        found["security"] = scene.handed_over("infosec", HE_RISK)
        found["escalated"] = scene.countersigned()
        yield found
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def monday(db: None) -> Iterator[None]:
    with set_clock(scenes.MONDAY):
        yield


def actor_of(who: str) -> Actor:
    return staff(who) if who.startswith("S") else firm.caller(who)


def entitled(actor: Actor, declaration: Declaration) -> list[str]:
    """The verbs that this actor may use on a stored record in this state; relaying begins a new one."""
    standing = capacities(actor, declaration)
    return [
        verb for verb, move in moves().items() if declaration.state in move.sources and not move.by.isdisjoint(standing)
    ]


VARIANTS = {
    "as it is": {},
    "security": {"restricted": True, "type": "infosec"},
    "security, no longer a type": {"restricted": True, "type": ""},
    "handled by a colleague": {"handler": WANG_DESK},
    "security, handled by a colleague": {"restricted": True, "handler": WANG_DESK},
    "received by a stranger": {"receiver": XU_SALES},
    "security, asked before": {"restricted": True, "escalation_state": "settled", "problem_number": "WT-1"},
    "of nobody": {"customer": None, "contact": None},
    "security of nobody": {"customer": None, "contact": None, "restricted": True},
    "relayed by a colleague": {"relayed_by": ZHENG_CUSTODIAN, "restricted": True},
}


@pytest.mark.walks
@pytest.mark.parametrize("variant", VARIANTS)
def test_nobody_is_entitled_on_what_they_cannot_see(made: dict[str, Declaration], variant: str) -> None:
    changes = {
        name: person(value) if isinstance(value, str) and value.startswith("S") else value
        for name, value in VARIANTS[variant].items()
    }
    open_ones = [record.pk for name, record in made.items() if name != "filed" and record.state != "closed"]
    Declaration.objects.filter(pk__in=open_ones).update(**changes)
    records = list(Declaration.objects.all())
    for who in EVERYBODY:
        actor = actor_of(who)
        seen = set(declarations(actor).values_list("pk", flat=True))
        blind = [
            (who, record.state, verb) for record in records if record.pk not in seen for verb in entitled(actor, record)
        ]
        assert blind == []


def test_a_deputy_sees_what_he_may_do(made: dict[str, Declaration]) -> None:
    lent = itertools.product(
        ["department_head", "service_desk", "custodian", "risk_control"],
        [CHEN_HEAD, LIU_DESK, ZHENG_CUSTODIAN, HE_RISK],
    )
    for role, owner in lent:
        Delegation.objects.create(
            role=role,
            from_user=person(owner),
            to_user=person(WU_DESK),
            starts_at=scenes.MONDAY,
            ends_at=scenes.MONDAY.replace(hour=20),
            reason="休假",
        )
    actor = staff(WU_DESK)
    seen = set(declarations(actor).values_list("pk", flat=True))
    may = {record.pk for record in Declaration.objects.all() if entitled(actor, record)}
    assert may
    assert may <= seen


def test_strangers_see_nothing_and_the_system_everything(made: dict[str, Declaration]) -> None:
    assert not declarations(NOBODY).exists()
    assert declarations(SYSTEM).count() == len(made)
    assert all(entitled(NOBODY, record) == [] for record in made.values())


def test_the_action_bar_offers_what_the_rules_allow_and_says_why_not(made: dict[str, Declaration]) -> None:
    for who, record in itertools.product(EVERYBODY, made.values()):
        actor = actor_of(who)
        offered = next_steps(actor, record)
        assert [step.verb for step in offered] == entitled(actor, record)
        assert all(step.possible == (not moves()[step.verb].obstacles(record)) for step in offered)


@pytest.mark.parametrize("who", STAFF)
def test_lists_counts_search_and_suggestions_show_what_the_page_shows(made: dict[str, Declaration], who: str) -> None:
    actor = staff(who)
    readable = set()
    for record in made.values():
        try:
            readable.add(declaration_for_reading(actor, record.number).pk)
        except Declaration.DoesNotExist:
            continue
    everything = ListQuery(view="all")
    assert {row.pk for row in listed(actor, everything).rows} == readable
    assert counts(actor, everything)["asked"] == len(readable)
    found = {row.pk for row in listed(actor, ListQuery(view="all", q="对账单漏装")).rows}
    assert found == readable
    for view in VIEWS:
        assert {row.pk for row in listed(actor, ListQuery(view=view)).rows} <= readable
    assert {row.pk for row in similar(actor, "对账单漏装", limit=50)} <= readable
    contact = firm.contact(TANG_BANK_B)
    still_open = {record.pk for record in made.values() if record.is_open} & readable
    shown = [hit.open_cases for hit in hits(actor, "唐若宁")]
    is_told = actor.holds(Role.SERVICE_DESK) or contact.customer in customers_in_sight(actor)
    assert shown == ([len(still_open)] if is_told else [])
    assert {case.pk for case in caller(actor, contact).open_cases} <= still_open


def test_who_moves_to_another_department_sees_its_records_at_once(made: dict[str, Declaration]) -> None:
    assert not can_read(staff(SUN_DESK), made["in_progress"])
    User.objects.filter(pk=person(SUN_DESK).pk).update(department=made["in_progress"].department)
    assert can_read(staff(SUN_DESK), made["in_progress"])


def test_management_sees_a_record_from_the_moment_that_it_is_overdue(made: dict[str, Declaration]) -> None:
    management, late = staff(GAO_MANAGEMENT), made["in_progress"]
    assert not can_read(management, late)
    with set_clock(late.due_at + timedelta(minutes=1)):
        assert can_read(management, late)
    assert not can_read(management, late)


def can_read(actor: Actor, declaration: Declaration) -> bool:
    try:
        return declaration_for_reading(actor, declaration.number).pk == declaration.pk
    except Declaration.DoesNotExist:
        return False


def test_every_state_is_there(made: dict[str, Declaration]) -> None:
    assert {record.state for record in made.values()} == set(State) - {State.NEW}


def test_the_duty_desk_is_the_desk_of_its_departments_customers_who_have_none(
    made: dict[str, Declaration],
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    first, second = (firm.contact(code).customer for code in (SHEN_BANK_A, TANG_BANK_B))
    assert staff(WANG_DESK).customers(Role.SERVICE_DESK) == {first.pk}
    yesterday = scenes.MONDAY.date() - timedelta(days=1)
    RoleGrant.objects.filter(role=Role.SERVICE_DESK, customer__in=[second]).update(ends_on=yesterday)
    assert staff(WANG_DESK).customers(Role.SERVICE_DESK) == {first.pk, second.pk}
    assert staff(ZHAO_DESK).customers(Role.SERVICE_DESK).isdisjoint({first.pk, second.pk})
    assert staff(LIU_DESK).customers(Role.SERVICE_DESK).isdisjoint({second.pk})
    stand_in("duty_desk", WANG_DESK, SUN_DESK)
    deputy = staff(SUN_DESK).holds(Role.SERVICE_DESK, customer_id=second.pk)
    assert deputy is not None
    assert deputy.on_behalf_of == person(WANG_DESK)
    duty, desk = person(WANG_DESK), person(LIU_DESK)
    assert [count_queries(lambda who=who: actor_for(who)) for who in (duty, desk)] == [2, 1]
