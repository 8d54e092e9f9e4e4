"""What people type comes back as they typed it, through form, action, database and ledger; the rest is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from incidents import actions
from incidents.forms import VerbForm, handling, intake
from incidents.forms.fields import LONGEST
from incidents.models import Declaration
from incidents.verbs import VERBS
from ledger.models import Entry
from ledger.verification import compare
from tests import scenes
from tests.firm import LIU_DESK, SHEN_BANK_A, TELECOM_F, WEI_TELECOM_F, ZHAO_DESK, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
ODD = [
    "𠮷野家 🧾 与 𝔘𝔫𝔦𝔠𝔬𝔡𝔢，全角　空格",
    "第一行\n第二行\t列",
    "<script>alert(1)</script> & \"引号\" '单' {{ x }} %s %(a)s \\",
    "e\u0301 \u200f עברית \u00a0 不折行",
    "长" * LONGEST,
]
CONTROLS = ["\x00", "\x07", "\x1b[31m", "\x7f"]


def filled(kind: type[VerbForm], declaration: Declaration, **typed: Any) -> VerbForm:
    return kind(typed, declaration=declaration, actor=staff(LIU_DESK))


@pytest.mark.parametrize("who", ["王工\n" * 51, "长" * 501], ids=["too many", "too long"])
def test_a_list_of_lines_has_an_end(who: str) -> None:
    form = filled(handling.VisitForm, SCENE.in_progress(), who=who, place="机房", arrival="2026-11-23T09:00")
    assert set(form.errors) == {"who"}


@pytest.mark.parametrize("text", ODD, ids=["four bytes", "lines", "markup", "marks", "20,000"])
def test_odd_texts_come_back_unchanged(text: str) -> None:
    declaration = SCENE.in_progress()
    form = filled(handling.HandlingStepForm, declaration, what=text, result="好")
    assert form.is_valid(), form.errors
    actions.log_handling(declaration.pk, version=declaration.version, actor=staff(LIU_DESK), **form.values())
    assert declaration.handlingstep_rows.get().what == text
    payload = json.loads(Entry.objects.filter(stream=declaration.stream).latest("sequence").payload.content)
    assert [row["fields"]["what"][1] for row in payload["rows"]] == [text]
    assert compare(declaration) is None


@pytest.mark.parametrize("sign", CONTROLS)
def test_control_characters_are_refused_with_what_to_do(sign: str) -> None:
    form = filled(handling.HandlingStepForm, SCENE.in_progress(), what=f"补寄{sign}", result="好")
    assert not form.is_valid()
    assert set(form.errors) == {"what"}
    told = "The text holds control characters that cannot be kept. Paste it again as plain text."
    assert told in form.errors["what"]


def test_a_text_that_is_too_long_is_told_so() -> None:
    form = filled(handling.HandlingStepForm, SCENE.in_progress(), what="长" * (LONGEST + 1), result="好")
    assert set(form.errors) == {"what"}


@pytest.mark.walks
@pytest.mark.parametrize("verb", VERBS)
def test_no_form_falls_over_bad_input(verb: str) -> None:
    """Every field of every verb gets what nobody should send; the form says so or takes it, and never breaks."""
    declaration, form = SCENE.in_progress(), VERBS[verb].form
    names = list(filled(form, declaration).fields)
    for rubbish in ("\x00", "🧾" * 300, "-1", "9" * 40, "[]", "2026-02-30T25:61", " "):
        typed = filled(form, declaration, **dict.fromkeys(names, rubbish))
        if typed.is_valid():
            assert isinstance(typed.values(), dict)


def test_a_number_of_somebody_elses_record_is_as_unknown_as_none() -> None:
    other = scenes.Scene(customer=TELECOM_F, desk=ZHAO_DESK, contact=WEI_TELECOM_F).accepted()
    for number in (other.number, "SD-20200101-001", "'; DROP TABLE"):
        form = filled(intake.InvalidForm, SCENE.accepted(), reason="duplicate", duplicate_of=number)
        assert form.errors["duplicate_of"] == ["There is no such record, or it is not yours to see."]


def test_a_person_of_another_customer_is_no_choice() -> None:
    form = filled(intake.RespondForm, SCENE.accepted(), way="phone", text="已受理", contact=SHEN_BANK_A)
    assert set(form.errors) == {"contact"}


def test_names_one_a_line_are_a_list() -> None:
    form = filled(
        handling.VisitForm, SCENE.in_progress(), who="王工\n\n 李工 \n", place="机房", arrival="2026-11-23T09:00"
    )
    assert form.is_valid(), form.errors
    assert form.values()["who"] == ["王工", "李工"]
