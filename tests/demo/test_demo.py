"""The thirty declarations of the demonstration, replayed, against everything that they are expected to become."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q

from accounts.actors import SYSTEM, Actor
from accounts.models import Contact, User
from audit.models import Review
from audit.queries import obligatory_reasons
from base.clock import set_clock
from demo import data_path
from demo.models import DemoStep
from demo.people import load_people
from demo.replay import replay
from escalation.actions import learn_trend
from escalation.models import EscalationRequest, Warning
from escalation.queries import owners_of
from incidents.access import ENDED
from incidents.models import Declaration, Handover, HandoverKind, KnowledgeLookup, State, Type
from ledger.verification import verify
from reports.figures import Rate, Sums
from reports.periods import Month, Period
from reports.queries.counting import Asked
from reports.queries.sla import cells
from sla.models import Clock
from sla.queries import time_left
from tests.firm import staff
from tests.incidents.shown import kept, told_by_clocks

DATA = json.loads(data_path().read_text(encoding="utf-8"))
CALLS = {call["ref"]: call for call in DATA["declarations"]}
AS_OF = datetime.fromisoformat(DATA["meta"]["as_of"])
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def replayed(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The whole demonstration, replayed once for this module and rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_people(DATA, "Demonstration-1")
        replay(DATA, lambda position, total: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def declaration(replayed: None, db: None, request: pytest.FixtureRequest) -> Declaration:
    return Declaration.objects.get(number=request.param)


every_declaration = pytest.mark.parametrize("declaration", CALLS, indirect=True)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _number(person: User | None) -> str | None:
    return person.employee_number if person else None


def _code(contact: Contact | None) -> str | None:
    return contact.code if contact else None


def _expected(declaration: Declaration) -> dict[str, Any]:
    expected: dict[str, Any] = CALLS[declaration.number]["expected"]
    return expected


PLAIN = {
    "number": lambda d: d.number,
    "type": lambda d: d.type,
    "final_state": lambda d: d.state,
    "department": lambda d: d.department.code,
    "accepted_by": lambda d: _number(d.accepted_by) or "system",
    "priority": lambda d: d.priority,
    "leaf": lambda d: d.leaf,
    "impact": lambda d: d.impact,
    "urgency": lambda d: d.urgency,
    "target_source": lambda d: d.target_source,
    "target": lambda d: d.target,
    "repeat_ordinal": lambda d: d.repeat_ordinal,
    "repeats": lambda d: d.repeats,
    "escalation_proposal_required": lambda d: bool(d.escalation_triggers),
    "escalation_reasons": lambda d: d.escalation_triggers,
    "handler": lambda d: _number(d.handler),
    "reopen_count": lambda d: d.reopen_count,
    "satisfaction": lambda d: d.satisfaction,
    "filed_by": lambda d: _number(d.filed_by),
    "retention_until": lambda d: d.retention_until.isoformat() if d.retention_until else None,
    "restricted": lambda d: d.restricted,
    "breach_reason": lambda d: d.breach_reason,
    "invalid_reason": lambda d: d.invalid_reason,
    "duplicate_of": lambda d: d.duplicate_of.number if d.duplicate_of else None,
    "first_contact_resolution": lambda d: d.quick_solved and d.reopen_count == 0,
    "review_obligatory": lambda d: obligatory_reasons(d),
}
MOMENTS = ("registered_at", "accepted_at", "due_at", "resolved_at", "closed_at", "filed_at", "ended_at")


def test_every_record_keeps_the_clock_that_it_shows(replayed, db):
    found = list(Declaration.objects.order_by("pk"))
    assert [kept(one) for one in found] == [told_by_clocks(one) for one in found]
    assert any(one.shown_due_at for one in found)


@every_declaration
def test_plain_values_are_as_expected(declaration: Declaration) -> None:
    expected = _expected(declaration)
    found = {key: read(declaration) for key, read in PLAIN.items() if key in expected}
    assert found == {key: expected[key] for key in found}


@every_declaration
def test_moments_are_as_expected(declaration: Declaration) -> None:
    expected = _expected(declaration)
    found = {key: getattr(declaration, key) for key in MOMENTS if key in expected}
    assert found == {key: _moment(expected[key]) for key in found}


@every_declaration
def test_the_response_is_as_expected(declaration: Declaration) -> None:
    expected, clock = _expected(declaration)["response"], declaration.response_clock
    assert clock is not None
    assert clock.target == expected["target"]
    assert clock.source == expected["source"]
    assert clock.due_at == _moment(expected["due_at"])
    assert declaration.first_response_at == _moment(expected["first_response_at"])
    assert _number(declaration.first_response_by) == expected["by"]
    assert declaration.first_response_way == expected["way"]
    assert clock.met == _expected(declaration)["response_on_time"]


@every_declaration
def test_the_time_taken_is_as_expected(declaration: Declaration) -> None:
    expected, clock = _expected(declaration), declaration.resolution_clock
    if "resolved_on_time" in expected:
        assert clock is not None
        assert clock.met == expected["resolved_on_time"]
    if "minutes_gross" in expected:
        assert declaration.resolved_at is not None
        assert (declaration.resolved_at - declaration.received_at) / MINUTE == expected["minutes_gross"]
    if "minutes_net" in expected:
        stopped = [
            (pause.ended_at or declaration.resolved_at) - pause.at
            for pause in declaration.waiting_rows.filter(stops_clock=True)
        ]
        taken = declaration.resolved_at - declaration.received_at - sum(stopped, timedelta())
        assert taken / MINUTE == expected["minutes_net"]
    if "remaining_minutes" in expected:
        assert clock is not None
        with set_clock(AS_OF):
            left = time_left(clock, AS_OF)
        assert left.left / MINUTE == expected["remaining_minutes"]
        assert left.used / MINUTE == expected["elapsed_minutes"]
        assert (clock.paused_at is not None) == expected["clock_paused"]


@every_declaration
def test_the_look_up_is_as_expected(declaration: Declaration) -> None:
    expected = _expected(declaration)
    if "kb_result" not in expected:
        assert not declaration.knowledgelookup_rows.exists()
        return
    found = declaration.knowledgelookup_rows.select_related("article_version__article").get()
    adopted = found.result == KnowledgeLookup.Result.ADOPT
    assert (found.article_version.article.code if adopted else "none_fits") == expected["kb_result"]


@every_declaration
def test_report_and_escalation_are_as_expected(declaration: Declaration) -> None:
    expected = _expected(declaration)
    reported = expected.get("hierarchical_escalation")
    reports = list(declaration.report_rows.all())
    assert len(reports) == (1 if reported else 0)
    if reported:
        assert reports[0].at == _moment(reported["reported_at"])
        assert _number(reports[0].to) == reported["to"]
        assert reports[0].taken_over
        taken = declaration.handlerchange_rows.get(to_user=reports[0].to)
        assert taken.at == _moment(reported["taken_over_at"])
    asked = expected.get("problem_escalation")
    requests = list(declaration.escalationrequest_rows.all())
    assert len(requests) == (1 if asked else 0)
    if asked:
        assert _escalation(requests[0]) == asked


def _escalation(request: EscalationRequest) -> dict[str, Any]:
    signed = request.countersignatures.filter(agrees=True).order_by("at").last()
    problem = getattr(request, "problem", None)
    decision = {None: "pending", True: "approved", False: "refused"}[request.approved]
    return {
        "state": request.state,
        "requested_by": _number(request.by),
        "requested_at": _text(request.at),
        "decided_by": _number(request.decided_by),
        "decision": decision,
        "decided_at": _text(request.decided_at),
        "countersigned_by": _number(signed.by) if signed else None,
        "countersigned_at": _text(signed.at) if signed else None,
        "objections": request.objections,
        "problem": str(problem) if problem else None,
        "problem_acknowledged_at": _text(problem.acknowledged_at) if problem else None,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.astimezone(AS_OF.tzinfo).isoformat() if moment else None


@every_declaration
def test_hand_overs_requests_and_relays_are_as_expected(declaration: Declaration) -> None:
    expected = _expected(declaration)
    handover = Handover.objects.filter(declaration=declaration).select_related("clock", "receiver").first()
    assert (handover is not None) == ("handover" in expected)
    if handover is not None:
        assert {
            "kind": handover.kind,
            "to": _number(handover.receiver),
            "sent_at": _text(handover.at),
            "received_at": _text(handover.received_at),
            "completed_at": _text(handover.completed_at),
            "reference": handover.reference or None,
        } == expected["handover"]
    processes = {
        HandoverKind.COMPLAINT: "complaint_process",
        HandoverKind.INFOSEC: "infosec_process",
        HandoverKind.SALES: "sales",
    }
    if expected.get("handover_to"):
        asked = declaration.type == Type.SERVICE_REQUEST
        found = "department_head+risk_control" if asked else processes[handover.kind]
        assert found == expected["handover_to"]
    if "overdue_handover" in expected:
        assert handover.clock.due_at == _moment(expected["overdue_handover"]["due_at"])
    if "opinions" in expected:
        opinions = {row.role: {"agree": row.agrees, "at": _text(row.at)} for row in declaration.opinion_rows.all()}
        assert opinions == expected["opinions"]
    if "relay" in expected:
        assert {
            "by": _number(declaration.relayed_by),
            "at": _text(declaration.relayed_at),
            "acknowledged_at": _text(declaration.relay_acknowledged_at),
        } == expected["relay"]


@every_declaration
def test_histories_are_as_expected(declaration: Declaration) -> None:
    expected = _expected(declaration)
    types = [
        {"from": row.from_type, "to": row.to_type, "at": _text(row.at)} for row in declaration.typechange_rows.all()
    ]
    assert types == expected.get("type_history", [])
    graded = [
        {"at": _text(row.at), "from_priority": row.priority, "from_due_at": _text(row.due_at)}
        for row in declaration.reclassification_rows.all()
    ]
    assert graded == expected.get("reclassified", [])
    waits = [
        {"from": _text(row.at), "to": _text(row.ended_at), "stops_clock": row.stops_clock}
        for row in declaration.waiting_rows.all()
    ]
    assert waits == (expected.get("pauses") or [])
    earlier = [_text(row.earlier_resolved_at) for row in declaration.reopening_rows.all()]
    assert earlier == expected.get("earlier_resolved_at", [])


@every_declaration
def test_confirmation_and_review_are_as_expected(declaration: Declaration) -> None:
    expected = _expected(declaration)
    confirmed = declaration.confirmation_rows.select_related("contact").last()
    assert (confirmed is not None) == ("confirmation" in expected)
    if confirmed is not None:
        assert {
            "contact": _code(confirmed.contact),
            "way": confirmed.way,
            "at": _text(confirmed.at),
            "authorised": confirmed.authorised,
        } == expected["confirmation"]
    reviewed = Review.objects.filter(declaration=declaration).select_related("auditor").first()
    assert (reviewed is not None) == ("review" in expected)
    if reviewed is not None:
        assert _number(reviewed.auditor) == expected["review"]["by"]
        assert _text(reviewed.signed_at) == expected["review"]["at"]
        assert reviewed.state == expected["review"]["result"]


@every_declaration
def test_warnings_are_as_expected(declaration: Declaration) -> None:
    found = [
        {
            "clock": warning.clock.kind,
            "threshold": warning.threshold,
            "due_to_fire_at": _text(warning.reached_at),
            "sent_at": _text(warning.at),
            "recipients": [told.role for told in warning.told.order_by("pk")],
            "to": list(
                dict.fromkeys(_number(told.user) or _code(told.contact) for told in warning.told.order_by("pk"))
            ),
        }
        for warning in Warning.objects.filter(declaration=declaration, threshold__isnull=False)
        .select_related("clock")
        .order_by("at", "reached_at")
    ]
    expected = CALLS[declaration.number]["expected_warnings"]
    assert found == sorted(expected, key=lambda warning: (warning["sent_at"], warning["due_to_fire_at"]))


def test_the_counts_are_as_expected(replayed: None) -> None:
    rows = list(Declaration.objects.select_related("response_clock"))
    incidents = [row for row in rows if row.priority is not None and row.type == Type.INCIDENT]
    warnings = Warning.objects.filter(threshold__isnull=False).select_related("clock")
    found = {
        "declarations": len(rows),
        "by_type": dict(Counter(row.type for row in rows)),
        "by_channel": dict(Counter(row.channel for row in rows)),
        "by_priority": dict(Counter(str(row.priority) for row in incidents)),
        "by_leaf": dict(Counter(row.leaf for row in incidents)),
        "by_cell": dict(Counter(f"{row.impact}×{row.urgency}" for row in incidents)),
        "by_state": dict(Counter(str(row.state) for row in rows)),
        "by_response_source": dict(Counter(row.response_clock.source for row in rows)),
        "by_target_source": dict(Counter(row.target_source for row in incidents)),
        "warnings": dict(Counter(f"{row.clock.kind}_{row.threshold}" for row in warnings)),
        "steps": DemoStep.objects.count(),
    }
    assert found == DATA["expected_counts"]


def test_running_it_again_changes_nothing(replayed: None) -> None:
    before = Declaration.objects.values_list("pk", "version")
    assert load_people(DATA, "Demonstration-1") == []
    assert replay(DATA, lambda position, total: None) == 0
    assert list(Declaration.objects.values_list("pk", "version")) == list(before)


def test_the_ledger_fits(replayed: None) -> None:
    assert list(verify()) == []
    assert Declaration.objects.filter(state=State.FILED).count() == DATA["expected_counts"]["by_state"]["filed"]


SINCE_AUGUST = Asked(Period(Month(2026, 8), Month(2026, 11)))
KPIS = {
    "response": "response_on_time_all_types",
    "resolution": "resolution_on_time",
    "attainment": "sla_attainment_both",
}


def _figures(*actors: Actor) -> Sums:
    return sum((cell.sums for actor in actors for cell in cells(actor, SINCE_AUGUST, AS_OF)), Sums())


@pytest.mark.parametrize("figure", KPIS)
def test_the_figures_are_as_expected(replayed: None, db: None, figure: str) -> None:
    expected = DATA["expected_kpis"][KPIS[figure]]
    found = getattr(_figures(SYSTEM), figure)
    assert (found.numerator, found.denominator) == (expected["numerator"], expected["denominator"])
    assert found.percent == expected["percent"]


def test_the_heads_figures_add_up_to_all(replayed: None, db: None) -> None:
    assert _figures(*map(staff, ("S01", "S02", "S03"))) == _figures(SYSTEM)


@pytest.mark.parametrize(("reader", "open_ones"), [("S11", Q(state__in=ENDED)), ("S13", Q(pk__in=[]))])
def test_security_records_that_a_reader_may_not_open_are_not_counted(
    replayed: None, db: None, reader: str, open_ones: Q
) -> None:
    hidden = Declaration.objects.filter(restricted=True).exclude(open_ones)
    late = hidden.filter(response_clock__met=False).count()
    kept = Rate(hidden.count() - late, hidden.count())
    assert kept.denominator > 0
    assert _figures(staff(reader)).response + kept == _figures(SYSTEM).response


def test_every_clock_is_what_its_events_tell(replayed: None, db: None) -> None:
    told = StringIO()
    call_command("replay_clocks", stdout=told, stderr=StringIO())
    assert "are what their events tell" in told.getvalue()


def test_clocks_that_have_lost_all_derived_columns_are_rebuilt_as_they_were(replayed: None, db: None) -> None:
    before = {clock.pk: vars(clock) for clock in Clock.objects.all()}
    # After an objection the request has new clocks; nothing points to those of the round before.
    owned = Clock.objects.filter(pk__in=owners_of(Clock.objects.all()))
    with transaction.atomic():
        owned.update(
            pause_spans=[], paused_at=None, stopped_at=None, met=None, breached_at=None, thresholds=[], event_count=0
        )
        call_command("replay_clocks", "--repair", stdout=StringIO(), stderr=StringIO())
        after = {clock.pk: vars(clock) for clock in Clock.objects.all()}
        transaction.set_rollback(True)
    for key, columns in before.items():
        differing = {
            name
            for name, value in columns.items()
            if name not in ("_state", "next_check_at") and after[key][name] != value
        }
        assert differing == set(), key


def test_the_trend_is_silent_on_so_little_history_and_the_back_test_says_so(replayed: None, db: None) -> None:
    told = StringIO()
    with set_clock(AS_OF):
        learn_trend(again=True)
        call_command("backtest_trend", "--months=3", stdout=told, stderr=StringIO())
    assert "Too little history" in told.getvalue()
    assert not Clock.objects.filter(trend_percent__isnull=False).exists()
