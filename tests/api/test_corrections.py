"""What was typed wrong or twice, put right by programs."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions import accept
from incidents.models import Attachment, Declaration
from tests.api.conftest import CallAs
from tests.firm import LIU_DESK, LUO_BANK_B, WANG_DESK, staff
from tests.scenes import Scene
from tests.verbs.corrections import handled_twice

pytestmark = pytest.mark.django_db


def test_a_program_sends_what_is_wrong_alone_and_strikes_out_by_name(call_as: CallAs) -> None:
    desk, declaration = call_as(LIU_DESK), handled_twice()
    address, version = f"/api/v1/declarations/{declaration.number}", {"If-Match": f'"{declaration.version}"'}
    sent = {"subject": "对帐单漏印", "reason": "听错"}
    told = desk.post(f"{address}/correct/", sent, format="json", headers=version).json()
    assert (told["subject"], told["body"]) == ("对帐单漏印", declaration.body)
    sent, version = {"row": told["handling"][-1]["row"], "reason": "记了两遍"}, {"If-Match": f'"{told["version"]}"'}
    told = desk.post(f"{address}/strike_out/", sent, format="json", headers=version).json()
    struck = told["handling"][-1]
    assert (struck["void_reason"], struck["voided_by"]) == ("记了两遍", LIU_DESK)


def sent(
    call_as: CallAs, record: Declaration, verb: str, values: dict[str, Any], kind: str = "json", by: str = LIU_DESK
) -> Any:
    address = f"/api/v1/declarations/{record.number}/{verb}/"
    return call_as(by).post(address, values, format=kind, headers={"If-Match": f'"{record.version}"'})


@pytest.mark.parametrize("strange", [{"pages": 5}, {"source": "zabbix"}, {"no_file_reason": "丢了"}, {"contact": None}])
def test_what_cannot_be_put_right_here_is_refused_and_not_passed_over(
    call_as: CallAs, scene: Scene, strange: dict[str, Any]
) -> None:
    record = scene.accepted()
    answer = sent(call_as, record, "correct", {"reason": "听错", "subject": "对帐单漏印", **strange})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, set(strange))
    record.refresh_from_db()
    assert record.subject == "对账单漏装"


def test_a_contact_for_whom_no_customer_is_known_is_refused(call_as: CallAs, scene: Scene) -> None:
    call = scene.call(contact=None, caller_name="钱女士", caller_phone="13900002999")
    record = accept(call, actor=staff(WANG_DESK))
    assert record.customer_id is None
    answer = sent(call_as, record, "correct", {"reason": "听错", "contact": LUO_BANK_B}, by=WANG_DESK)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"contact"})


def test_a_name_instead_of_a_file_and_a_value_sent_twice_are_refused(call_as: CallAs, scene: Scene) -> None:
    record = scene.in_progress()
    answer = sent(call_as, record, "log_handling", {"what": "a", "result": "b", "attachments": "a.pdf"}, "multipart")
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"attachments"})
    answer = sent(call_as, record, "log_handling", {"what": ["a", "c"], "result": "b"}, "multipart")
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"what"})
    assert not Attachment.objects.exists()


def test_a_refusal_does_not_send_a_long_value_back(call_as: CallAs, scene: Scene) -> None:
    answer = sent(call_as, scene.accepted(), "correct", {"reason": "x", "channel": "x" * 10**5})
    assert answer.status_code == 422
    assert len(answer.content) < 2_000
