"""What is not an incident: a hand-over that its receiver signs, and a service request with two opinions."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import State
from tests.firm import XU_SALES
from tests.scenes import Scene

pytestmark = pytest.mark.browser


def test_a_complaint_is_handed_over_and_its_receiver_signs_and_completes_it(office: Any) -> None:
    declaration = Scene().accepted()
    desk = office.person("liusiyuan")
    desk.finds_on_desk(declaration.number)
    desk.fills(valid="yes", kind="complaint", receiver=XU_SALES, content="客户要求书面答复")
    desk.sends()
    receiver = office.person("xuwangchuan")
    receiver.finds_on_desk(declaration.number)
    receiver.decides("receive")
    declaration.refresh_from_db()
    assert declaration.state == State.HANDOVER_RECEIVED
    receiver.decides("complete", reference="TS-2026-018", result="已书面答复")
    declaration.refresh_from_db()
    assert declaration.state == State.HANDOVER_DONE


def test_a_service_request_is_decided_after_both_opinions(office: Any) -> None:
    declaration = Scene().accepted()
    desk = office.person("liusiyuan")
    desk.finds_on_desk(declaration.number)
    desk.fills(valid="yes", kind="request", scope="inside", additions="周末加派两人值守")
    desk.sends()
    head = office.person("chenyuan")
    for login in ("chenyuan", "heshouzheng"):
        person = head if login == "chenyuan" else office.person(login)
        person.finds_on_desk(declaration.number)
        person.decides("for", "可以提供")
    head.finds_on_desk(declaration.number)
    head.decides("take", "意见一致")
    desk.goes(f"/records/{declaration.number}/")
    desk.takes("communicate", text="已同意，周六起到岗")
    declaration.refresh_from_db()
    assert declaration.state == State.REQUEST_IN_PROGRESS
