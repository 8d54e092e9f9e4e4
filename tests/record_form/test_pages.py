"""The print view and the PDF by their addresses: for whom, what they show, and what they leave behind."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import include, path, reverse

from incidents.models import Declaration
from ledger.models import Entry
from ledger.queries import content, head
from ledger.triggers import lifted
from record_form.models import FiledForm
from record_form.structure import Conclusion, ReviewSheet
from record_form.urls import patterns
from tests import scenes
from tests.firm import SUN_DESK, ZHENG_CUSTODIAN, client_of

pytestmark = pytest.mark.django_db


def reviewed(declaration: Declaration) -> ReviewSheet:
    return ReviewSheet("冯持衡", "2026-11-24T02:00:00+00:00", [Conclusion("5.4.3", "met")], [])


# The addresses as a room above mounts them.
urlpatterns = [
    path("language/", include("django.conf.urls.i18n")),
    *patterns(reviewed),
    path("", include("config.urls")),
]


@pytest.fixture
def signed_in(scene: scenes.Scene) -> Any:
    """`signed_in(LIU_DESK)` is the browser of that person, in Chinese."""

    def sign_in(number: str) -> Client:
        return client_of(number, headers={"accept-language": "zh-hans"})

    return sign_in


def page_of(declaration: Declaration) -> str:
    return reverse("record-form", args=[declaration.number])


def pdf_of(declaration: Declaration) -> str:
    return reverse("record-form-pdf", args=[declaration.number])


def test_the_print_view_shows_all_rows(scene, signed_in):
    declaration = scene.filed()
    page = signed_in(ZHENG_CUSTODIAN).get(page_of(declaration)).content.decode()
    assert re.findall(r'id="row-(\d+)"', page) == [str(number) for number in range(1, 57)]
    assert declaration.number in page
    assert "打印件不受控" in page
    assert "以下为归档定稿" in page


def test_the_print_view_escapes_what_was_typed(scene, signed_in):
    declaration = scene.accepted(body="<script>alert(1)</script><img src=x onerror=alert(1)>")
    page = signed_in(scene.desk).get(page_of(declaration)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img" not in page


def test_the_pdf_opens_in_the_browser_under_its_number(scene, signed_in):
    declaration = scene.filed()
    response = signed_in(ZHENG_CUSTODIAN).get(pdf_of(declaration))
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{declaration.number}.pdf"'


@pytest.mark.parametrize("address", [page_of, pdf_of], ids=["page", "pdf"])
def test_who_may_not_see_the_record_does_not_see_its_form(scene, signed_in, address):
    declaration = scene.accepted()
    stranger = signed_in(SUN_DESK)
    assert stranger.get(address(declaration)).status_code == 404
    assert stranger.get(address(declaration).replace(declaration.number, "SD-20000101-001")).status_code == 404
    assert not Entry.objects.filter(stream=f"prints:{declaration.number}").exists()


@pytest.mark.parametrize("address", [page_of, pdf_of], ids=["page", "pdf"])
def test_without_signing_in_there_is_nothing(scene, address):
    assert Client().get(address(scene.accepted())).status_code == 302


@pytest.mark.parametrize("address", [page_of, pdf_of], ids=["page", "pdf"])
def test_looking_changes_nothing_on_the_record(scene, signed_in, address):
    declaration = scene.filed()
    before = head(declaration.stream)
    signed_in(ZHENG_CUSTODIAN).get(address(declaration))
    assert Declaration.objects.get(pk=declaration.pk).version == declaration.version
    assert head(declaration.stream) == before


@pytest.mark.parametrize(("address", "medium"), [(page_of, "page"), (pdf_of, "pdf")], ids=["page", "pdf"])
def test_every_print_stands_in_the_log_with_the_hash_of_what_was_printed(scene, signed_in, address, medium):
    declaration = scene.filed()
    signed_in(ZHENG_CUSTODIAN).get(address(declaration))
    entry = head(f"prints:{declaration.number}")
    assert entry is not None
    assert (entry.action, entry.actor_name, entry.at) == ("print_form", "郑可心", scenes.MONDAY)
    assert content(entry)["facts"] == {
        "number": declaration.number,
        "medium": medium,
        "sha256": FiledForm.objects.get(declaration=declaration).sha256,
    }


def test_prints_follow_each_other_in_one_chain(scene, signed_in):
    declaration = scene.accepted()
    browser = signed_in(scene.desk)
    browser.get(page_of(declaration))
    browser.get(pdf_of(declaration))
    assert [entry.sequence for entry in Entry.objects.filter(stream=f"prints:{declaration.number}")] == [1, 2]


def test_an_altered_copy_says_so(scene, signed_in):
    declaration = scene.filed()
    filed = FiledForm.objects.get(declaration=declaration)
    with lifted():
        FiledForm.objects.filter(pk=filed.pk).update(content=filed.content.replace("补寄", "没寄"))
    page = signed_in(ZHENG_CUSTODIAN).get(page_of(declaration)).content.decode()
    assert "内容与归档时的校验值不符" in page


def test_section_9_comes_from_the_room_that_mounts_the_pages(scene, signed_in, settings):
    declaration = scene.filed()
    settings.ROOT_URLCONF = __name__
    page = signed_in(ZHENG_CUSTODIAN).get(page_of(declaration)).content.decode()
    assert "冯持衡" in page
    assert "5.4.3" in page


def test_the_page_of_a_filed_record_does_not_read_the_record_again(scene, signed_in, count_queries):
    filed, running = scene.filed(), scene.handled()
    browser = signed_in(ZHENG_CUSTODIAN)
    browser.get(page_of(filed))
    assert count_queries(lambda: browser.get(page_of(filed))) <= 12
    assert count_queries(lambda: signed_in(scene.desk).get(page_of(running))) > 20


def test_the_command_writes_a_pdf_and_the_log(scene, tmp_path: Path):
    declaration, target = scene.filed(), tmp_path / "form.pdf"
    call_command("print_form", declaration.number, target, stdout=StringIO())
    assert target.read_bytes().startswith(b"%PDF-")
    assert content(head(f"prints:{declaration.number}"))["facts"]["medium"] == "file"


def test_the_command_says_which_number_it_does_not_know(scene, tmp_path: Path):
    with pytest.raises(CommandError, match="SD-20000101-001"):
        call_command("print_form", "SD-20000101-001", tmp_path / "form.pdf")
