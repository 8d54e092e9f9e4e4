"""Every list is sorted by a column of the record: after every action it is the due time of the clock that is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.clock import now
from incidents import actions
from incidents.models import Declaration
from ledger.verification import compare
from tests import scenes
from tests.firm import DU_TELECOM_F, LIN_HEAD, LIU_DESK, TELECOM_F, ZHAO_DESK, staff
from tests.incidents.shown import kept, told_by_clocks
from tests.incidents.table import TABLE
from tests.verbs import USES, scene_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
# Of C06 the contract lets the clock stand.
PAUSING = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F)
SATURDAY = scenes.MONDAY + timedelta(days=5)
MAKING = {"relay", "join_alarm"}


def again(declaration: Declaration) -> Declaration:
    return Declaration.objects.get(pk=declaration.pk)


def done(verb: str) -> Declaration:
    scene = scene_of(verb)
    return again(USES[verb].on(scene, USES[verb].made(scene)))


def test_every_verb_of_the_table_is_tried():
    assert set(TABLE) - set(USES) <= MAKING


@pytest.mark.walks
@pytest.mark.parametrize("verb", sorted(USES))
def test_after_every_action_the_record_keeps_the_clock_that_it_shows(verb):
    declaration = done(verb)
    assert kept(declaration) == told_by_clocks(declaration)
    assert compare(declaration) is None


def test_without_its_keeping_it_would_be_seen(monkeypatch):
    monkeypatch.setattr(Declaration, "derive", lambda *_: None)
    for verb in ("classify", "hand_over", "wait"):
        declaration = done(verb)
        assert kept(declaration) != told_by_clocks(declaration), verb


@pytest.mark.parametrize("live", [True, False])
def test_a_new_record_shows_its_response_until_it_is_answered(live):
    accepted = again(actions.accept(SCENE.call(), actor=staff(LIU_DESK), answered_live=live))
    relayed = again(SCENE.relayed())
    assert kept(accepted) == told_by_clocks(accepted) == ((None, None) if live else _of(accepted.response_clock))
    assert kept(relayed) == told_by_clocks(relayed) == _of(relayed.relay_clock)


def _of(clock) -> tuple[int, object]:
    return clock.pk, clock.due_at


def test_what_is_not_answered_shows_the_solution_where_that_is_due_first(clock):
    """A mail of Saturday may be answered on Monday; an incident of the highest level is due on Sunday."""
    clock.set(SATURDAY)
    mail = actions.accept(SCENE.call(channel="email"), actor=staff(LIU_DESK))
    assert kept(again(mail)) == _of(mail.response_clock)
    screened = SCENE.do(actions.screen_as_incident, mail, LIU_DESK, **SCENE.party())
    grading = actions.Grading("BIZ-01", "severe", "high", basis="影响范围已核实")
    classified = SCENE.do(actions.classify, screened, LIU_DESK, grading=grading)
    assert classified.due_at < classified.response_clock.due_at
    assert kept(classified) == _of(classified.resolution_clock) == told_by_clocks(classified)


def test_a_clock_that_stands_has_no_due_time_until_it_goes_on(clock):
    waiting = PAUSING.waiting()
    assert kept(again(waiting)) == (waiting.resolution_clock_id, None)
    clock.advance(hours=5)
    resumed = PAUSING.do(actions.resume, waiting, ZHAO_DESK, received="批次号", way="phone")
    assert kept(resumed) == _of(resumed.resolution_clock) == told_by_clocks(resumed)


def test_a_clock_that_was_late_before_it_was_paused_is_late_still(clock):
    late = PAUSING.in_progress()
    clock.set(late.due_at + timedelta(minutes=1))
    waiting = PAUSING.do(actions.wait, late, ZHAO_DESK, awaits="批次号", basis="今日电话", contact=None)
    assert kept(waiting) == (late.resolution_clock_id, late.due_at) == told_by_clocks(waiting)
    assert waiting.shown_due_at < now()


def test_the_columns_follow_from_others_and_stand_in_no_entry():
    declaration = SCENE.in_progress()
    Declaration.objects.filter(pk=declaration.pk).update(shown_clock=None, shown_due_at=None)
    assert compare(again(declaration)) is None
