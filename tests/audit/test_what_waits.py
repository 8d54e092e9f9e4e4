"""What waits for the auditor is kept, and is at any time what would be found by reading every record."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from audit.actions import review_at_once
from audit.queries import REVIEWABLE, REVIEWED_CLAUSES, obligatory_reasons, waiting_for_review
from base.clock import now, set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import AwaitsReview, Declaration
from tests import scenes
from tests.audit.conftest import AUDITOR
from tests.firm import HE_RISK, LIU_DESK, staff

pytestmark = pytest.mark.django_db
found_once = import_module("audit.migrations.0002_awaits_review").find


def read_one_by_one() -> set[str]:
    """The numbers of the records that have ended, must be reviewed, and are not since they closed."""
    return {
        record.number
        for record in Declaration.objects.filter(state__in=REVIEWABLE)
        if obligatory_reasons(record)
        and not any(
            review.signed_at and (record.closed_at is None or review.signed_at >= record.closed_at)
            for review in record.reviews.all()
        )
    }


def kept() -> set[str]:
    return {record.number for record in waiting_for_review()}


def closed(scene: scenes.Scene, record: Declaration) -> Declaration:
    record = scene.do(actions.resolve, record, LIU_DESK, **scene.solution())
    if record.resolution_clock.met is False:
        record = scene.do(actions.state_breach_reason, record, LIU_DESK, reason="厂商延误")
    told = scene.solution()["told_to"]
    record = scene.do(actions.confirm, record, LIU_DESK, contact=told, way="phone", satisfaction=5)
    return scene.do(actions.close, record, LIU_DESK)


def late(scene: scenes.Scene) -> Declaration:
    record = scene.handled("moderate", "high")
    with set_clock(now() + timedelta(days=5)):
        return closed(scene, record)


def refused(scene: scenes.Scene) -> Declaration:
    record = scene.decided(approved=False)
    record = scene.do(escalation.countersign, record, HE_RISK, agrees=True, opinion="同意不升级")
    return closed(scene, record)


def reopened(scene: scenes.Scene) -> Declaration:
    record = scene.do(actions.reopen, scene.closed(), LIU_DESK, reason="又漏装了")
    return closed(scene, scene.do(actions.log_handling, record, LIU_DESK, what="补寄", result="已寄出"))


def test_one_of_every_state_waits_if_its_procedure_says_so(records):
    assert kept() == read_one_by_one()


@pytest.mark.parametrize("end", [late, refused, reopened])
def test_a_record_waits_from_its_end_until_it_is_reviewed(scene, end):
    record = end(scene)
    assert kept() == read_one_by_one() == {record.number}
    assert AwaitsReview.objects.filter(declaration=record).exists()
    with set_clock(now() + timedelta(days=6)):
        met = [{"clause": clause, "conclusion": "met"} for clause in REVIEWED_CLAUSES]
        review_at_once(record.pk, actor=staff(AUDITOR), reasons=[], conclusions=met, findings=[])
    assert kept() == read_one_by_one() == set()
    assert not AwaitsReview.objects.exists()


def test_a_desk_that_kept_nothing_finds_what_waits_when_it_is_brought_up_to_date(scene):
    ended = {late(scene).number, refused(scene).number, reopened(scene).number}
    scene.closed()
    before = set(AwaitsReview.objects.values_list("pk", flat=True))
    AwaitsReview.objects.all().delete()
    assert kept() == set()
    found_once(apps, None)
    assert kept() == ended
    assert set(AwaitsReview.objects.values_list("pk", flat=True)) == before
