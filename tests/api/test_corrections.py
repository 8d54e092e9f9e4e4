"""What was typed wrong or twice, put right by programs."""

from __future__ import annotations

import pytest

from tests.api.conftest import CallAs
from tests.firm import LIU_DESK
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
