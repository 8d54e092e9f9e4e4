"""What a person sees when a step is refused, whichever view it came from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from accounts.actors import NOBODY
from desk.refusals import Refusals
from incidents.models import Declaration
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Reason, Refused, VersionMissing
from ledger.forms import add_errors

pytestmark = pytest.mark.django_db


def answer(exception: Exception, **headers: str) -> HttpResponse | None:
    request: HttpRequest = RequestFactory(headers=headers).post("/records/SD-1/do/start/")
    request.user, request.actor = AnonymousUser(), NOBODY  # type: ignore[attr-defined]
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return Refusals(lambda request: HttpResponse()).process_exception(request, exception)


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (NotPermitted("This step is for the head.", clause="5.4.5"), 403),
        (NotPossible("Consult the knowledge base first.", clause="5.4.4"), 409),
        (Invalid({"x": ["Fill this in."]}), 422),
        (VersionMissing(), 428),
    ],
)
def test_each_refusal_answers_with_its_status_its_sentence_and_its_clause(refused: Refused, status: int) -> None:
    page = answer(refused)
    assert page is not None
    assert page.status_code == status
    text = page.content.decode()
    assert str(refused.sentence) in text
    assert f"§{refused.clause}" in text or not refused.clause


def test_everything_that_is_missing_is_listed() -> None:
    page = answer(NotPossible("One.", reasons=[Reason("One.", "5.4.5"), Reason("Two.", "5.4.6")]))
    assert page is not None
    assert {"One.", "Two.", "§5.4.5", "§5.4.6"} <= {word for word in WORDS if word in page.content.decode()}


WORDS = ("One.", "Two.", "§5.4.5", "§5.4.6")


def test_a_part_of_a_page_gets_a_part_and_a_page_a_page() -> None:
    refused = NotPossible("Consult the knowledge base first.")
    part, page = answer(refused, HX_Request="true"), answer(refused)
    assert part is not None
    assert page is not None
    assert ("<html" in part.content.decode(), "<html" in page.content.decode()) == (False, True)


def test_the_way_back_leads_only_to_ourselves() -> None:
    refused = NotPossible("Consult the knowledge base first.")
    own = answer(refused, Referer="http://testserver/records/SD-1/")
    foreign = answer(refused, Referer="http://evil.example/records/SD-1/")
    assert own is not None
    assert foreign is not None
    assert 'href="/records/SD-1/"' in own.content.decode()
    assert "evil" not in foreign.content.decode()


def test_an_unknown_record_and_a_foreign_one_look_the_same() -> None:
    page = answer(Declaration.DoesNotExist())
    assert page is not None
    assert (page.status_code, "not yours to see" in page.content.decode()) == (404, True)


def test_a_fault_of_ours_is_not_hidden() -> None:
    assert answer(ValueError("x")) is None


class Small(forms.Form):
    name = forms.CharField()


@pytest.fixture
def form() -> Callable[[Refused], forms.Form]:
    def refuse(refused: Refused) -> forms.Form:
        bound = Small({"name": "x"})
        assert bound.is_valid()
        add_errors(bound, refused)
        return bound

    return refuse


def test_sentences_go_to_their_fields_and_the_others_above(form: Callable[[Refused], forms.Form]) -> None:
    bound = form(Invalid({"name": ["Too short."], "hidden": ["Elsewhere."]}))
    assert bound.errors == {"name": ["Too short."], "__all__": ["Elsewhere."]}


def test_a_refusal_without_fields_stands_above_the_form(form: Callable[[Refused], forms.Form]) -> None:
    bound = form(NotPossible("One.", reasons=[Reason("One."), Reason("Two.")]))
    assert bound.non_field_errors() == ["One.", "Two."]
