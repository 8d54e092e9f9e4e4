"""Every address, opened by everybody: who gets the page, and that opening it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Customer, Department, RoleGrant
from incidents.models import Declaration
from ledger.models import Entry
from sla.models import Contract
from sla.queries import default_calendar
from tests.desk.addresses import ADDRESSES, MEMBERS, OPEN_TO_ALL, TRIED_ELSEWHERE
from tests.desk.walk import only_answers
from tests.firm import BANK_B, LIU_DESK, TANG_BANK_B, client_of, contact, person
from tests.incidents.table import ROLES

pytestmark = pytest.mark.django_db
STATES = ("in_progress", "filed")
UNSEEN = "SD-20200101-001"
TAKEN_OUT = ("print_form", "export_records", "export_figures", "export_workbook")
SAMPLES = {
    "<int:key>": "1",
    "<int:finding_id>": "1",
    "<str:sheet>": "departments",
    "<int:row>": "1",
    "<str:step>": "apply",
    "<int:bot_id>": "1",
    "<int:year>": "2026",
    "<str:code>": "KB-002",
    "<str:label>": "V9.9",
    "<str:text>": "2026-10-01",
    # No kind of file: making one is written down.
    "<str:kind>": "pdf",
}


@pytest.fixture
def numbers(records: dict[str, Declaration]) -> dict[str, str]:
    """The number of one record in each of the states."""
    return {state: records[state].number for state in STATES}


def every_address(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for found in patterns:
        address = f"{before}{found.pattern}"
        if isinstance(found, URLResolver):
            yield from every_address(found.url_patterns, address)
        else:
            yield address


def sample(address: str, number: str) -> str:
    path = address.replace("<str:number>", number)
    if address.startswith("settings/calendars/"):
        path = path.replace("<int:key>", str(default_calendar().pk))
    if address.startswith("settings/contracts/"):
        path = path.replace("<int:key>", str(Contract.objects.get(customer__code=BANK_B).pk))
    if address.startswith("settings/departments/"):
        path = path.replace("<int:key>", str(Department.objects.order_by("pk")[0].pk))
    if address.startswith("customers/"):
        path = path.replace("<int:key>", str(Customer.objects.get(code=BANK_B).pk))
        path = path.replace("<int:contact_key>", str(contact(TANG_BANK_B).pk))
    if address.startswith("settings/people/"):
        path = path.replace("<int:key>", str(person(LIU_DESK).pk))
    if address.startswith("team/"):
        path = path.replace("<int:key>", str(person(LIU_DESK).pk))
    if address.startswith("settings/grants/"):
        path = path.replace("<int:key>", str(RoleGrant.objects.get(role="auditor").pk))
    for placeholder, value in SAMPLES.items():
        path = path.replace(placeholder, value)
    assert "<" not in path, f"no sample for {address}"
    return f"/{path}"


def signed_in(role: str) -> Client:
    return client_of(ROLES[role][0])


def test_every_address_is_in_the_table() -> None:
    found = set(every_address(get_resolver().url_patterns))
    assert found == set(ADDRESSES) | OPEN_TO_ALL | TRIED_ELSEWHERE


@pytest.mark.walks
@pytest.mark.parametrize("role", sorted(MEMBERS))
def test_everybody_gets_what_the_table_says_and_changes_nothing(
    numbers: dict[str, str], role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = []
    # What the pages look like is tried elsewhere; here only who gets them.
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_args, **_kwargs: "")
    monkeypatch.setattr("record_form.printing.render_pdf", lambda *_args, **_kwargs: b"")
    monkeypatch.setattr("drf_spectacular.views.SchemaGenerator.get_schema", lambda *_args, **_kwargs: {})
    client, before = signed_in(role), rows()
    with only_answers():
        for address, door in ADDRESSES.items():
            for state in STATES if "<str:number>" in address else STATES[:1]:
                path, wanted = sample(address, numbers[state]), door.answer(role, state)
                answered = client.get(path).status_code
                if answered != wanted:
                    wrong.append(f"{path} ({state}): {answered}, expected {wanted}")
    assert wrong == []
    assert rows() == before


def test_a_stranger_gets_nothing(numbers: dict[str, str]) -> None:
    client = Client()
    paths = {sample(address, numbers["filed"]): door for address, door in ADDRESSES.items()}
    wrong = [path for path, door in paths.items() if client.get(path).status_code != door.stranger]
    assert wrong == []
    assert [path for path in paths if client.post(path).status_code not in (302, 401, 405)] == []


def test_an_unknown_number_and_one_that_is_not_yours_answer_alike(numbers: dict[str, str]) -> None:
    client = signed_in("desk of another department")
    for address in ADDRESSES:
        if "<str:number>" in address:
            foreign, unknown = (client.get(sample(address, number)) for number in (numbers["in_progress"], UNSEEN))
            assert foreign.status_code == unknown.status_code, address
            assert told(foreign).replace(numbers["in_progress"], UNSEEN) == told(unknown), address


def told(response: HttpResponse) -> str:
    """The answer without what is drawn anew for each."""
    return re.sub(r'\b\w{64}\b|data-live="[^"]+"', "token", response.content.decode())


def rows() -> dict[str, int]:
    """How many rows each table has, but for sessions, and for the entries that prints and exports leave (R-DC-4)."""
    models = [model for model in apps.get_models() if model._meta.app_label not in ("sessions", "ledger")]
    counts = {model._meta.label: model.objects.count() for model in models}
    return {**counts, "entries": Entry.objects.exclude(action__in=TAKEN_OUT).count()}
