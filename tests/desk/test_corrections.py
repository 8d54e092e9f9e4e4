"""The pages by which what was typed wrong or twice is put right, and what the record shows of it afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from base.clock import now
from escalation.queries.promises import told_times
from incidents import actions
from incidents.models import Declaration
from tests.firm import CHEN_HEAD, FENG_AUDITOR, LIU_DESK, client_of
from tests.scenes import Scene
from tests.verbs.corrections import handled_twice, last_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = Scene()


def step_url(declaration: Declaration, verb: str) -> str:
    return f"/records/{declaration.number}/do/{verb}/"


def send(declaration: Declaration, verb: str, who: str = LIU_DESK, version: int = 0, **values: Any) -> Any:
    sent = {"version": version or declaration.version, **values}
    return client_of(who).post(step_url(declaration, verb), sent)


def page(declaration: Declaration, who: str = LIU_DESK) -> str:
    return client_of(who).get(f"/records/{declaration.number}/").content.decode()


def as_it_stands(declaration: Declaration) -> dict[str, str]:
    """What the form of a correction is opened with."""
    form = client_of(LIU_DESK).get(step_url(declaration, "correct")).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields if name != "reason"}


def test_the_form_opens_with_what_stands_and_sent_back_as_it_is_changes_nothing() -> None:
    declaration = SCENE.screened()
    values = as_it_stands(declaration)
    assert (values["subject"], values["contact"]) == (declaration.subject, SCENE.contact)
    answer = send(declaration, "correct", reason="看一看", **values)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["subject"])


def test_one_wrong_word_is_put_right_and_all_else_stays() -> None:
    declaration = SCENE.screened()
    answer = send(declaration, "correct", reason="听错", **{**as_it_stands(declaration), "subject": "对帐单漏印"})
    assert answer.status_code == 302
    row = Declaration.objects.get(pk=declaration.pk).correction_rows.get()
    assert (row.field, row.before, row.after) == ("subject", "对账单漏装", "对帐单漏印")


def test_the_time_line_strikes_the_old_text_and_underlines_the_new_one() -> None:
    declaration = SCENE.do(
        actions.correct, SCENE.accepted(), LIU_DESK, reason="听错", changes={"subject": "对帐单<b>漏印"}
    )
    shown = page(declaration)
    assert "<del>对账单漏装</del>" in shown
    assert "<ins>对帐单&lt;b&gt;漏印</ins>" in shown


def test_a_row_is_struck_out_from_beside_it_and_stays_readable() -> None:
    declaration = handled_twice()
    name = last_step()
    assert f"?row={name}" in page(declaration)
    form = client_of(LIU_DESK).get(f"{step_url(declaration, 'strike_out')}?row={name}").content.decode()
    assert f'value="{name}" selected' in form
    assert send(declaration, "strike_out", row=name, reason="记了两遍").status_code == 302
    shown = page(declaration)
    assert "entry-struck" in shown
    assert "记了两遍" in shown
    assert f"?row={name}" not in shown


def test_whoever_may_not_strike_out_is_not_led_there() -> None:
    declaration = handled_twice()
    assert "/strike_out/" not in page(declaration, CHEN_HEAD)
    assert "/strike_out/" not in page(SCENE.closed(), FENG_AUDITOR)


def test_a_stale_correction_shows_both_versions_and_keeps_what_was_typed() -> None:
    declaration = SCENE.accepted()
    values = {**as_it_stands(declaration), "subject": "对帐单漏印", "reason": "听错"}
    SCENE.do(actions.correct, declaration, LIU_DESK, reason="错字", changes={"subject": "对账单漏页"})
    answer = send(declaration, "correct", **values)
    shown = answer.content.decode()
    assert (answer.status_code, "对账单" in shown, 'value="对帐单漏印"' in shown) == (412, True, True)


def test_theirs_is_taken_with_its_contact_and_its_time() -> None:
    declaration = SCENE.screened()
    values = {**as_it_stands(declaration), "body": "客户说漏印一页。", "reason": "听错"}
    SCENE.do(actions.correct, declaration, LIU_DESK, reason="错字", changes={"caller_name": "谭"})
    now = Declaration.objects.get(pk=declaration.pk)
    chosen = {f"choose-{name}": "theirs" for name in ("caller_name", "received_at", "contact")}
    assert send(now, "correct", **{**values, **chosen}).status_code == 302
    assert set(now.correction_rows.values_list("field", flat=True)) == {"caller_name", "body"}


def test_a_correction_without_a_version_is_refused() -> None:
    declaration = SCENE.accepted()
    assert client_of(LIU_DESK).post(step_url(declaration, "correct"), {"reason": "听错"}).status_code == 428


def test_a_channel_that_is_chosen_asks_for_what_belongs_to_it() -> None:
    declaration = SCENE.accepted()
    answer = send(declaration, "correct", reason="是信件", **{**as_it_stands(declaration), "channel": "letter"})
    assert (answer.status_code, "pages" in answer.context["form"].fields) == (422, True)
    assert {"pages", "received_on"} <= set(answer.context["form"].errors)


def test_beside_the_form_of_a_step_stands_what_counts_alone() -> None:
    declaration = handled_twice()
    struck = {"row": last_step(), "reason": "记了两遍"}
    shown = [client_of(LIU_DESK).get(step_url(declaration, "communicate")).context["handled"]]
    declaration = SCENE.do(actions.strike_out, declaration, LIU_DESK, **struck)
    shown.append(client_of(LIU_DESK).get(step_url(declaration, "communicate")).context["handled"])
    assert [len(each) for each in shown] == [2, 1]


def test_a_promise_that_was_struck_out_is_none() -> None:
    told = {"way": "phone", "text": "周五前解决", "promised_at": now() + timedelta(days=2)}
    declaration = SCENE.do(actions.communicate, SCENE.in_progress(), LIU_DESK, **told)
    assert told_times([declaration])
    row = declaration.communication_rows.get(promised_at__isnull=False)
    SCENE.do(actions.strike_out, declaration, LIU_DESK, row=row.row_name, reason="记错了记录")
    assert told_times([declaration]) == {}
