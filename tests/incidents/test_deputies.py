"""Whoever stands in may do all that the absent person's role allows, and both names stay (R-4.1-2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.clock import now, set_clock
from desk.queries.work import work_of
from desk.queues.queries import handovers_to
from incidents import actions
from incidents.access import declarations, next_steps
from incidents.models import Declaration, State
from ledger.exceptions import NotPermitted
from ledger.models import Entry
from notifications.models import Notification
from tests import scenes
from tests.firm import (
    ADMINISTRATOR,
    CHEN_HEAD,
    HE_RISK,
    LIU_DESK,
    WANG_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    person,
    staff,
    stand_in,
)
from tests.verbs import USES, scene_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
DEPUTY = ADMINISTRATOR
ROLES = {
    LIU_DESK: "service_desk",
    CHEN_HEAD: "department_head",
    ZHENG_CUSTODIAN: "custodian",
    HE_RISK: "risk_control",
    XU_SALES: "complaint_owner",
}


# What is a colleague's own: who stands in from another department has no colleagues in this one.
OF_COLLEAGUES = {"take_on"}


@pytest.mark.walks
@pytest.mark.parametrize("verb", [verb for verb in USES if verb not in OF_COLLEAGUES])
def test_a_deputy_does_every_step_in_the_absent_persons_place(verb: str) -> None:
    use, scene = USES[verb], scene_of(verb)
    absent = use.actor(scene)
    declaration = use.made(scene)
    stand_in(ROLES[absent], absent, DEPUTY)
    with set_clock(now() + use.later):
        scene.do(use.action, declaration, DEPUTY, **use.values(scene))
    entry = Entry.objects.filter(stream=declaration.stream).order_by("-sequence").first()
    assert entry is not None
    assert (entry.actor_name, entry.on_behalf_of) == (person(DEPUTY).name, person(absent).stream)


def test_a_deputy_of_the_department_takes_over_in_the_absent_desks_place() -> None:
    declaration = SCENE.in_progress()
    stand_in("service_desk", WANG_DESK, ZHENG_CUSTODIAN)
    SCENE.do(actions.take_on, declaration, ZHENG_CUSTODIAN, reason="刘思远今天不在")
    entry = Entry.objects.filter(stream=declaration.stream, action="take_on").get()
    assert (entry.actor_name, entry.on_behalf_of) == (person(ZHENG_CUSTODIAN).name, person(WANG_DESK).stream)
    stand_in("service_desk", WANG_DESK, DEPUTY)
    with pytest.raises((NotPermitted, Declaration.DoesNotExist)):
        SCENE.do(actions.take_on, SCENE.in_progress(), DEPUTY, reason="刘思远今天不在")


@pytest.mark.parametrize("verb", ["start", "receive_handover", "file", "decide_escalation"])
def test_a_deputy_of_another_role_is_refused(verb: str) -> None:
    use, scene = USES[verb], scene_of(verb)
    declaration = use.made(scene)
    stand_in("sales", use.actor(scene), DEPUTY)
    with pytest.raises((NotPermitted, Declaration.DoesNotExist)):
        scene.do(use.action, declaration, DEPUTY, **use.values(scene))


def test_the_deputy_of_a_receiver_finds_hears_signs_and_completes() -> None:
    stand_in("complaint_owner", XU_SALES, DEPUTY)
    declaration = SCENE.handed_over()
    deputy = staff(DEPUTY)
    assert Notification.objects.filter(event="handover.sent", user=deputy.user).count() == 1
    assert declaration in declarations(deputy)
    assert [row.declaration for row in handovers_to(deputy)] == [declaration]
    [task] = work_of(deputy).mine
    assert task.step is not None
    assert task.step.verb == "receive_handover"
    SCENE.do(actions.receive_handover, declaration, DEPUTY)
    declaration = SCENE.do(actions.complete_handover, declaration, DEPUTY, reference="TS-1", result="已答复")
    row = declaration.handover_rows.get()
    assert declaration.state == State.HANDOVER_DONE
    assert (row.receiver, row.received_by) == (person(XU_SALES), deputy.user)


def test_the_deputy_of_one_kind_of_receiver_sees_no_other_kind() -> None:
    stand_in("complaint_owner", XU_SALES, DEPUTY)
    other = SCENE.handed_over("out_of_scope_service")
    assert other not in declarations(staff(DEPUTY))
    assert handovers_to(staff(DEPUTY)) == []


def test_after_the_delegation_the_deputy_is_a_stranger_again() -> None:
    stand_in("complaint_owner", XU_SALES, DEPUTY)
    declaration = SCENE.handed_over()
    with set_clock(scenes.MONDAY + timedelta(days=2)):
        assert declaration not in declarations(staff(DEPUTY))
        assert [step.verb for step in next_steps(staff(DEPUTY), declaration)] == []
