"""The time line of a record whose ledger tells of what no longer is: columns, verbs and payloads of another day."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from desk.record.page import RecordPage
from desk.record.timeline.lines import lines
from desk.record.timeline.people import with_names_in
from desk.record.timeline.sentences import LINE_FORMATS, sentence_of
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from incidents.verbs.timeline import HistoryEntry, Names, Values, history_of
from ledger.models import Entry, Payload
from ledger.queries import history
from ledger.triggers import lifted
from procedure.queries import rules
from tests.firm import LIU_DESK, client_of, sign_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
MAKERS = ("waiting", "handover_done", "request_done", "countersigned", "filed")
# A column that was a number is a text, a text is a list, and what was there is gone.
OTHER_TYPES: tuple[Any, ...] = (None, True, 7, 2.5, "2026-13-45T00:00:00+00:00", [1], [{"name": 1}], {"a": [None]})


def rename_columns(declaration: Declaration) -> None:
    """Every column and every fact has got another name since."""
    for payload in Payload.objects.filter(entry__stream=declaration.stream):
        content = json.loads(payload.content)
        for changed in (content, *content["rows"]):
            changed["fields"] = {f"old_{name}": change for name, change in changed["fields"].items()}
        content["facts"] = {f"old_{name}": fact for name, fact in content["facts"].items()}
        Payload.objects.filter(pk=payload.pk).update(content=json.dumps(content))


def dispose(declaration: Declaration) -> None:
    """An approved disposal has taken the payloads."""
    Payload.objects.filter(entry__stream=declaration.stream).delete()


def forget_verb(declaration: Declaration) -> None:
    """One step is called as no step is called today."""
    entry = Entry.objects.filter(stream=declaration.stream).order_by("sequence")[1]
    Entry.objects.filter(pk=entry.pk).update(action="pre_screen")


def seen_by_all(declaration: Declaration) -> dict[str, RecordPage | None]:
    """The record as everybody of the firm sees it, without its time line; None for whoever may not see it."""
    found: dict[str, RecordPage | None] = {}
    for person in User.objects.order_by("pk"):
        client = Client()
        sign_in(client, person)
        answer = client.get(f"/records/{declaration.number}/")
        assert answer.status_code in (200, 404)
        found[person.username] = None
        if answer.status_code == 200:
            assert all(line.sentence for line in answer.context["page"].lines)
            found[person.username] = replace(answer.context["page"], lines=[])
    return found


def timeline(declaration: Declaration) -> list[str]:
    """Its sentences, first to last."""
    entries = history_of(history(declaration.stream))
    names = with_names_in(entries, Names(rules(declaration.procedure_version_id)))
    return [line.sentence for line in reversed(lines(entries, names))]


@pytest.mark.walks
@pytest.mark.parametrize("make", ["filed", "countersigned"])
@pytest.mark.parametrize("damage", [rename_columns, dispose, forget_verb])
def test_everybody_reads_all_but_the_time_line_as_before(
    scene: Scene, make: str, damage: Callable[[Declaration], None]
) -> None:
    declaration: Declaration = getattr(scene, make)()
    before = seen_by_all(declaration)
    with lifted():
        damage(declaration)
    assert seen_by_all(declaration) == before
    assert len([page for page in before.values() if page]) >= 3
    assert None in before.values()


def test_no_line_of_the_template_stands_in_the_time_line(scene: Scene) -> None:
    """Where line breaks are kept, one of the template would be an empty line."""
    page = client_of(LIU_DESK).get(f"/records/{scene.handled().number}/").content.decode()
    assert 'class="entry-detail">' in page
    assert 'class="entry-detail">\n' not in page


def test_a_column_that_is_gone_takes_only_its_detail_away(scene: Scene) -> None:
    declaration = scene.countersigned()
    before = timeline(declaration)
    with lifted():
        rename_columns(declaration)
    after = timeline(declaration)
    assert len(after) == len(before)
    assert {"Accepted", "Classified", "Knowledge base consulted", "Handled", "Asked to become a problem"} <= set(after)
    assert {"Started handling", "Wrote the plan"} <= set(before) & set(after)


def test_the_same_grade_after_a_correction_of_the_type_is_told_again(scene: Scene) -> None:
    declaration = scene.do(escalation.change_type, scene.classified(), scene.desk, to="complaint", reason="实为投诉")
    declaration = scene.do(actions.screen_as_incident, declaration, scene.desk, **scene.party())
    grading = actions.Grading("BIZ-01", "moderate", "medium", basis="影响范围已核实")
    declaration = scene.do(actions.classify, declaration, scene.desk, grading=grading)
    classified = [line for line in timeline(declaration) if line.startswith("Classified: ")]
    assert len(classified) == 2
    assert "Moderate × Medium" in classified[1]


def test_a_payload_that_was_disposed_of_leaves_the_name_of_the_step(scene: Scene) -> None:
    declaration = scene.handled()
    with lifted():
        dispose(declaration)
    shown = timeline(declaration)
    assert shown[0] == "Accept (the contents were disposed of)"
    assert all(line.endswith("(the contents were disposed of)") for line in shown)
    with translation.override("zh-hans"):
        assert timeline(declaration)[0] == "受理（内容已按规定销毁）"


def test_a_verb_of_another_version_is_named_as_it_was_written(scene: Scene) -> None:
    declaration = scene.handled()
    with lifted():
        forget_verb(declaration)
    assert timeline(declaration)[1] == "A step that this version no longer knows: pre_screen"
    with translation.override("zh-hans"):
        assert timeline(declaration)[1] == "本版本已不再识别的操作：pre_screen"


@pytest.mark.parametrize("verb", sorted(LINE_FORMATS))
def test_a_verb_of_which_nothing_else_is_known_has_a_sentence(verb: str) -> None:
    empty = HistoryEntry(
        Entry(action=verb), is_disposed=False, fields=Values(), record=Values(), rows={}, facts=Values()
    )
    text = sentence_of(empty, Names(rules(1))).text
    assert text
    assert "%(" not in text
    assert not re.search(r"[:,]\s*$|: ,|  ", text)


@pytest.mark.walks
@pytest.mark.parametrize("make", MAKERS)
def test_no_value_of_another_type_breaks_a_sentence(scene: Scene, make: str) -> None:
    declaration: Declaration = getattr(scene, make)()
    entries = history_of(history(declaration.stream))
    names = with_names_in(entries, Names(rules(declaration.procedure_version_id)))
    for entry in entries:
        for values in (entry.fields, entry.record, entry.facts, *(row for rows in entry.rows.values() for row in rows)):
            for name, kept in list(values.items()):
                for other in OTHER_TYPES:
                    values[name] = other
                    assert sentence_of(entry, names).text
                values[name] = kept
