"""Every role, in every state, with every verb, on the pages: against the state table of the procedure."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from base.clock import set_clock
from desk.refusals import Refusals
from desk.steps.views.steps import step
from incidents.models import Declaration
from ledger.models import Entry
from record_form.verbs import VERBS
from tests import scenes
from tests.firm import WANG_DESK, client_of, person, staff
from tests.incidents.sight import Sight
from tests.incidents.table import ROLES, answered_to_a_bare_request, members_of_staff

pytestmark = pytest.mark.django_db


def posted(actor: Any, declaration: Declaration, verb: str, values: dict[str, str]) -> int:
    """The status of the step's page for a form that was sent: the view within the middleware of refusals."""
    request: HttpRequest = RequestFactory().post(f"/records/{declaration.number}/do/{verb}/", values)
    request.user, request.actor = actor.user, actor  # type: ignore[attr-defined]
    request.session = SessionStore()
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    request._messages = BaseStorage(request)  # type: ignore[attr-defined]
    refusals = Refusals(lambda _request: HttpResponse())
    try:
        return step(request, declaration.number, verb).status_code
    except Exception as raised:
        answer = refusals.process_exception(request, raised)
        if answer is None:
            raise
        return answer.status_code


@pytest.mark.walks
@pytest.mark.parametrize("role", members_of_staff())
def test_every_verb_in_every_state(records: dict[str, Declaration], role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = []
    with set_clock(scenes.MONDAY):
        actor = staff(ROLES[role][0])
        sight = Sight(actor)
        # Neither grants nor records change while the table is tried, so they are read once.
        monkeypatch.setattr("incidents.access.steps.declarations", lambda _actor: sight)
        monkeypatch.setattr("desk.steps.views.steps.declaration_for_reading", sight.among(records.values()))
        monkeypatch.setattr("desk.refusals.render", bare)
        monkeypatch.setattr("desk.steps.views.steps.render", bare)
        for state, declaration in records.items():
            for verb in VERBS:
                wanted = answered_to_a_bare_request(role, state, verb)
                values = {"version": str(declaration.version)} if wanted == 409 else {}
                found = posted(actor, declaration, verb, values)
                if found != wanted:
                    wrong.append(f"{state} {verb}: {found}, expected {wanted}")
    assert wrong == []


def bare(_request: HttpRequest, _template: str, _context: object = None, *, status: int = 200) -> HttpResponse:
    """The table asks for the status of a page, other tests for its words."""
    return HttpResponse(status=status)


def test_a_refused_step_stands_in_the_security_stream(records: dict[str, Declaration]) -> None:
    colleague = client_of(WANG_DESK)
    with set_clock(scenes.MONDAY):
        answer = colleague.post(f"/records/{records['classified'].number}/do/start/", {"version": "1"})
    [entry] = Entry.objects.filter(stream__startswith="security:", actor=person(WANG_DESK).stream)
    assert (answer.status_code, entry.action) == (403, "start")
