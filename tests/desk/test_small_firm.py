"""A desk without the demonstration does its main job, and every page of it opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.actors import SYSTEM
from accounts.models import ApiToken
from api.base import Rate
from audit import actions as audit
from audit.models import Review
from audit.queries import REVIEWED_CLAUSES
from base.clock import now, set_clock
from incidents.models import Declaration, State
from sla.queries import default_calendar
from tests import small_firm
from tests.desk.addresses import ADDRESSES, TRIED_ELSEWHERE
from tests.desk.walk import SAMPLES, only_answers
from tests.firm import sign_in
from tests.scenes import MONDAY

pytestmark = pytest.mark.django_db
API = "/api/v1/declarations/"
DESK = "chengmo"
# All but what takes long and is the same on every desk.
EVERY_ADDRESS = {*ADDRESSES, *TRIED_ELSEWHERE} - {"api/schema/"}
# What shows something to a person who opens it. Files are dear, and one is like the next.
FILES = (".pdf", "<str:kind>", "<str:kind>/")
PAGES = {
    address
    for address, door in ADDRESSES.items()
    if not door.post_only and not address.startswith("api/") and not address.endswith(FILES)
}
# The desk opens each page in every run, the others where pages are gone through.
EVERYBODY = [
    pytest.param(account, marks=() if account == DESK else pytest.mark.walks) for account in small_firm.EVERYBODY
]
PLACES = {**SAMPLES, "<int:finding_id>": "1", "<str:kind>": "xlsx", "<str:verb>": "log_handling"}


@pytest.fixture(scope="module")
def filed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Declaration]:
    """The small firm with one incident that its programs brought to the file, made once for the module."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rate, "get_rate", lambda _rate: None)
        with set_clock(MONDAY):
            small_firm.fill()
            declaration = handled_by_programs()
        yield declaration
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def monday(clock: Any) -> None:
    clock.set(MONDAY)


def program(account: str) -> APIClient:
    _token, key = create_token(
        actor=SYSTEM, user=small_firm.user(account), name="test", days=1, scope=ApiToken.Scope.WRITE
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


CONTACT = "K01-1"
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        DESK,
        "screen_as_incident",
        {
            "is_customer": True,
            "contract_in_force": True,
            "service_in_contract": True,
            "customer": "K01",
            "contract": small_firm.CONTRACT,
            "contact": CONTACT,
            "contact_means": small_firm.CALLERS_NUMBER,
        },
    ),
    (DESK, "classify", {"leaf": "BIZ-01", "impact": "moderate", "urgency": "medium"}),
    (DESK, "look_up", {"query": "对账单", "reason": "知识库还是空的"}),
    (DESK, "start", {}),
    (DESK, "communicate", {"way": "phone", "text": "已收到，正在核对批次"}),
    (DESK, "log_handling", {"what": "补寄", "result": "已寄出"}),
    (
        DESK,
        "resolve",
        {
            "cause": "装订机漏检",
            "solution": "补寄并复核",
            "solution_kind": "permanent",
            "told_to": CONTACT,
            "told_way": "phone",
        },
    ),
    (DESK, "confirm", {"contact": CONTACT, "way": "phone", "satisfaction": 5}),
    (DESK, "close", {}),
    ("jinanxing", "file", {"paper_place": "运营支持部 1 号柜"}),
)


def handled_by_programs() -> Declaration:
    """One incident on its whole way over the interface, from the letter to the file."""
    call = {
        "channel": "email",
        "received_at": now().isoformat(),
        "subject": "对账单漏装",
        "body": "客户来信，说本月对账单漏装一页。",
        "contact": CONTACT,
        "attachments": SimpleUploadedFile("来信.eml", b"From: luo@k01.example\r\n\r\nstatement", "message/rfc822"),
    }
    answer = program(DESK).post(API, call, format="multipart", headers={"Idempotency-Key": "first"})
    assert answer.status_code == 201, answer.json()
    declaration = Declaration.objects.get(number=answer.json()["number"])
    for account, verb, values in STEPS:
        declaration.refresh_from_db(fields=["version"])
        answer = program(account).post(
            f"{API}{declaration.number}/{verb}/",
            values,
            format="json",
            headers={"If-Match": f'"{declaration.version}"'},
        )
        assert answer.status_code == 200, (verb, answer.json())
    return Declaration.objects.get(pk=declaration.pk)


def reviewed(declaration: Declaration) -> None:
    auditor = small_firm.staff("ningyuan")
    review = audit.start_review(declaration.pk, actor=auditor)
    for clause in REVIEWED_CLAUSES:
        review = audit.conclude(review.pk, version=None, actor=auditor, clause=clause, conclusion="met")
    audit.sign_off(review.pk, version=None, actor=auditor, password=small_firm.PASSWORD)


def test_an_incident_goes_from_the_letter_to_the_file_by_the_desks_own_calendar(filed, db):
    assert filed.state == State.FILED
    assert filed.resolution_clock.calendar_version_id == default_calendar().current_id


def test_its_form_is_printed_and_its_review_signed(filed, db):
    answer = signed_in("jinanxing").get(f"/records/{filed.number}/form.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    assert filed.number in text
    assert "星野信托有限公司" in text.replace("\u200b", "").replace("\n", "")
    reviewed(filed)
    assert Review.objects.get(declaration=filed).signed_at == MONDAY


def signed_in(account: str) -> Client:
    client = Client()
    sign_in(client, small_firm.user(account))
    return client


def path(address: str, number: str) -> str:
    """The address, its places filled with what there is on this desk or might be."""
    for place, value in {**PLACES, "<int:key>": str(default_calendar().pk), "<str:number>": number}.items():
        address = address.replace(place, value)
    assert "<" not in address, f"no sample for {address}"
    return f"/{address}"


def failing(account: str, addresses: Iterable[str], number: str) -> list[str]:
    client = signed_in(account)
    client.raise_request_exception = False
    asked = [path(address, number) for address in sorted(addresses)]
    with only_answers():
        return [each for each in asked if client.get(each).status_code >= 500]


@pytest.mark.parametrize("account", EVERYBODY)
def test_every_page_opens_for_everybody_of_the_small_firm(filed, db, account):
    assert failing(account, PAGES, filed.number) == []


def test_every_other_address_answers_the_desk(filed, db):
    assert failing(DESK, EVERY_ADDRESS - PAGES, filed.number) == []
