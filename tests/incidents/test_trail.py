"""Every action leaves one entry, which tells its clause, its actor and every value before and after."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from accounts.actors import SYSTEM
from accounts.models import Contact
from base.clock import now
from escalation.models import Problem, Unanswered, WarningRecipient
from files.models import StoredFile
from incidents import actions
from incidents.models import AwaitsCount, DayCounter, Declaration, Part, moves
from ledger.canonical import default_values, field_values
from ledger.models import Entry
from ledger.verification import compare, verify
from notifications.models import Notification
from record_form.models import FiledForm
from sla.models import Clock, ClockEvent
from tests import scenes
from tests.firm import LIU_DESK, TANG_BANK_B, ZHENG_CUSTODIAN, contact, person, staff
from tests.verbs import USES, scene_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
Rows = dict[tuple[str, str], dict[str, Any]]
PROVEN = (
    *(Part, WarningRecipient, Declaration, Problem, FiledForm, Clock, ClockEvent, StoredFile),
    *(Notification, Contact),
)
TOLD = [model for model in apps.get_models() if issubclass(model, PROVEN)]
# What follows from the record, has a history of its own, or only carries it outside.
FOLLOWS = {"sla", "notifications", "search", "files", "ledger"}
# Counters and what still waits for somebody: they follow from what is told.
COUNTED = {AwaitsCount, DayCounter, Unanswered}
OTHERS = [
    model
    for model in apps.get_models()
    if model not in TOLD and model._meta.app_label not in FOLLOWS and model not in COUNTED
]
# The chains that a verb begins, of a problem and of another declaration.
BEGUN = {"decide_escalation": [("raise_problem", "5.4.5")], "record_security_twin": [("accept", "5.4.1")]}
BEGUN["enter_caller"] = [("create_contact", "5.4.2")]


def rows() -> Rows:
    """Every row that a chain has to tell of, by table and key; of a message only what is not so by default."""
    found: Rows = {}
    for model in TOLD:
        usual = default_values(model) if model is Notification else {}
        for row in model._base_manager.all():
            values = {name: value for name, value in field_values(row).items() if usual.get(name, ...) != value}
            found[model._meta.label_lower, str(row.pk)] = values
    return found


def other_rows() -> dict[type[models.Model], list[Any]]:
    return {model: list(model._base_manager.order_by("pk").values_list()) for model in OTHERS}


def difference(before: Rows, after: Rows) -> dict[tuple[str, str], dict[str, list[Any]]]:
    """Each field of each row that is not what it was; a new row has all its fields."""
    changed = {}
    for key, values in after.items():
        earlier = before.get(key, {})
        fields = {name: [earlier.get(name), value] for name, value in values.items()}
        fields = {name: pair for name, pair in fields.items() if key not in before or pair[0] != pair[1]}
        if fields:
            changed[key] = fields
    return changed


def told(entries: list[Entry]) -> dict[tuple[str, str], dict[str, list[Any]]]:
    """What the entries say, in the same form."""
    found: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for entry in entries:
        payload = json.loads(entry.payload.content)
        for row in [payload, *payload["rows"]]:
            fields = found.setdefault((row["model"], str(row["pk"])), {})
            for name, (before, after) in row["fields"].items():
                fields[name] = [fields.get(name, [before])[0], after]
    return {key: fields for key, fields in found.items() if fields}


def new_entries(act: Callable[[], object]) -> list[Entry]:
    last = Entry.objects.order_by("-pk").first()
    act()
    return list(Entry.objects.filter(pk__gt=last.pk if last else 0).select_related("payload").order_by("pk"))


@pytest.mark.walks
@pytest.mark.parametrize("verb", USES)
def test_one_entry_tells_everything_that_a_verb_changed(verb: str) -> None:
    use, scene = USES[verb], scene_of(verb)
    declaration = use.made(scene)
    before, others = rows(), other_rows()
    entries = new_entries(lambda: use.on(scene, declaration))
    own = [entry for entry in entries if entry.stream == declaration.stream]
    assert [(entry.action, entry.clause) for entry in own] == [(verb, moves()[verb].clause)]
    assert own[0].actor == person(use.actor(scene)).stream
    assert own[0].at == now() + use.later
    beside = [(entry.action, entry.clause) for entry in entries if entry not in own]
    assert beside == BEGUN.get(verb, [])
    assert told(entries) == difference(before, rows())
    assert other_rows() == others
    assert compare(declaration) is None
    assert list(verify([declaration.stream])) == []


@pytest.mark.parametrize("live", [True, False])
def test_one_entry_begins_the_chain_of_a_call(live: bool) -> None:
    before = rows()
    entries = new_entries(lambda: actions.accept(SCENE.call(), actor=staff(LIU_DESK), answered_live=live))
    assert [(entry.action, entry.sequence, entry.clause) for entry in entries] == [("accept", 1, "5.4.1")]
    assert told(entries) == difference(before, rows())


def test_one_entry_begins_the_chain_of_a_relay() -> None:
    before = rows()
    entries = new_entries(lambda: actions.relay(SCENE.call(), actor=staff(ZHENG_CUSTODIAN)))
    assert [(entry.action, entry.actor) for entry in entries] == [("relay", person(ZHENG_CUSTODIAN).stream)]
    assert told(entries) == difference(before, rows())


def test_a_repeated_alarm_is_one_entry_with_the_time_of_the_alarm() -> None:
    customer = contact(TANG_BANK_B).customer
    call = SCENE.call(channel="monitoring", contact=None, customer=customer, source="Zabbix", source_ref="A-7")
    actions.accept(call, actor=SYSTEM)
    before = rows()
    [entry] = new_entries(lambda: actions.accept(call, actor=SYSTEM))
    assert (entry.action, entry.actor) == ("join_alarm", "system")
    assert told([entry]) == difference(before, rows())
    [alarm] = [row for row in json.loads(entry.payload.content)["rows"] if row["model"] == "incidents.alarm"]
    assert alarm["fields"]["received_at"][1] == "2026-11-23T02:00:00.000000+00:00"


def test_a_refusal_leaves_no_entry_on_the_record() -> None:
    declaration = SCENE.in_progress()
    before = rows()
    with pytest.raises(Exception, match="first"):
        actions.resolve(declaration.pk, version=None, actor=staff(LIU_DESK), **SCENE.solution())
    assert rows() == before
    assert Entry.objects.filter(stream__startswith="security:").get().action == "resolve"
    assert Entry.objects.filter(stream=declaration.stream).latest("sequence").action == "start"


def test_every_verb_is_tried() -> None:
    assert set(USES) | {"relay", "join_alarm"} == set(moves())
