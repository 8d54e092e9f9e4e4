"""The OpenAPI description holds: whatever it allows gets an answer that it names, and never a 500."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from rest_framework.test import APIClient
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from record_form.verbs import STEPS
from tests.firm import LIU_DESK

pytestmark = pytest.mark.django_db
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
EXAMPLES = 6
OWN = ("watch", "unwatch", "remind", "unremind")
READ = ("list_declarations", "read_declaration", "list_problems", "read_problem")


def description(client: APIClient) -> dict[str, Any]:
    response = client.get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    assert response.status_code == 200
    return response.json()


@contextmanager
def kept_connection() -> Iterator[None]:
    """Requests end without closing the connection in which the test has its rows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_strangers_do_not_read_the_description(scene):
    assert APIClient().get("/api/schema/").status_code == 401


def test_every_verb_is_described_with_its_fields(scene, call_as):
    paths = description(call_as(LIU_DESK))["paths"]
    described = {path.split("/")[-2] for path in paths if path.startswith("/api/v1/declarations/{number}/")}
    assert described == {*STEPS, *OWN, "acknowledge", "{number}"}
    wait = paths["/api/v1/declarations/{number}/wait/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert (wait["required"], wait["additionalProperties"]) == (["awaits", "basis"], False)


@pytest.mark.walks
def test_every_operation_answers_as_described(scene, call_as):
    client = call_as(LIU_DESK)
    number = scene.looked_up().number
    schema = schemathesis.openapi.from_dict(description(client))
    schema.app = WSGIHandler()
    authorization = client._credentials["HTTP_AUTHORIZATION"]
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        tried.add(operation.label)

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def tries(case: Any) -> None:
            if "number" in case.path_parameters and case.operation.definition.raw["operationId"] not in READ:
                case.path_parameters["number"] = number
            case.call_and_validate(headers={"Authorization": authorization}, checks=list(CHECKS))

        with kept_connection():
            tries()
    assert len(tried) == len(STEPS) + len(OWN) + 10
