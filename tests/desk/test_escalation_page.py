"""The request for a problem opens with what the record knows already (E1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from escalation.verbs import version_of
from record_form.verbs import STEPS
from tests.firm import LIU_DESK, client_of
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def opened(declaration: Any) -> tuple[Client, str, dict[str, Any]]:
    client = client_of(LIU_DESK, headers={"accept-language": "en"})
    address = f"/records/{declaration.number}/do/request_escalation/"
    form = client.get(address).context["form"]
    return client, address, {name: form[name].value() or "" for name in ("trigger", "reason")}


def test_it_opens_with_trigger_and_a_reason_that_names_the_earlier_ones(scene: Scene, clock: Any) -> None:
    earlier = []
    for _each in range(2):
        earlier.append(scene.classified())
        clock.advance(minutes=1)
    declaration = scene.handled("severe", "medium")
    assert set(declaration.escalation_triggers) == {"severe_impact", "repeat_threshold"}
    client, address, values = opened(declaration)
    assert values["trigger"] == declaration.escalation_triggers[0]
    assert values["reason"] == (
        "Severe impact: 对账单漏装.\n"
        f"Time 3 in this category for this customer, after {earlier[0].number}, {earlier[1].number}."
    )
    version = version_of(declaration, STEPS["request_escalation"])
    assert client.post(address, {**values, "version": version}).status_code == 302
    assert declaration.escalationrequest_rows.get().reason.splitlines() == values["reason"].splitlines()


def test_it_opens_empty_where_nothing_makes_it_obligatory(scene: Scene) -> None:
    assert opened(scene.handled())[2] == {"trigger": "", "reason": ""}
