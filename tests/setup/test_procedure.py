"""A firm takes the document over: header, first level and official text in its own words, each with its entry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.actors import Actor, local_day
from accounts.models import Role
from base.clock import now
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.models import Entry
from procedure.models import Category, OfficialText, ProcedureVersion
from procedure.queries import Words, drop_outdated, forget_rules, in_force, rules
from setup.actions import LARGEST_TEXT, change_header, put_official_text
from setup.checks import cards
from setup.queries import standing
from tests import small_firm
from tests.firm import sign_in
from tests.scenes import MONDAY

pytestmark = pytest.mark.django_db
HEADER = {
    "title": "事件管理程序",
    "title_en": "",
    "number": "YS-ITSM-2026-03",
    "issuer": "远山科技有限公司",
    "controlled_status": "受控",
    "confidentiality": "内部",
    "issued_on": date(2012, 3, 1),
}
LEVELS = {"**服务": Words("运维服务", "Operations")}
FILE = "3 术语定义\n事件：甲方书面告知的中断。\n严重\t以合同附件二为准\n5.4.1 申报受理\n以本公司文本为准。\n"


@pytest.fixture(autouse=True)
def firm(filled: None, db: None, clock: Any) -> Any:
    clock.set(MONDAY)
    yield
    forget_rules()


@pytest.fixture
def owner() -> Actor:
    return small_firm.staff("shilei")


def current() -> ProcedureVersion:
    return in_force(local_day(now()))


def change(actor: Actor, version: int | None = None, **values: Any) -> ProcedureVersion:
    return change_header(current(), actor=actor, version=version, first_levels=LEVELS, **{**HEADER, **values})


def test_header_and_first_level_are_changed_with_one_entry(owner: Actor) -> None:
    before = Entry.objects.filter(stream=current().stream).count()
    change(owner)
    book = rules(current().pk)
    assert (book.header.issuer, book.header.number) == ("远山科技有限公司", "YS-ITSM-2026-03")
    assert {str(leaf.path[0].zh) for leaf in book.leaves.values()} == {"运维服务"}
    entries = Entry.objects.filter(stream=current().stream).order_by("sequence")
    assert (entries.count() - before, entries.last().action) == (1, "change_header")  # type: ignore[union-attr]


def test_another_process_takes_the_new_header_from_the_row(owner: Actor) -> None:
    old = rules(current().pk)
    change(owner)
    remembered = {current().pk: old}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("procedure.queries.standing._standing", remembered)
        assert rules(old.version_id).header.issuer == "***公司"
        drop_outdated(ProcedureVersion.objects.get(pk=old.version_id))
        assert rules(old.version_id).header.issuer == "远山科技有限公司"


def test_two_threads_at_once_may_find_the_header_another_one() -> None:
    class Dropped(dict[int, Any]):
        """What the other thread drops just after this one has seen it."""

        def get(self, key: int, default: Any = None) -> Any:
            return self.pop(key, default)

    version = ProcedureVersion.objects.get(pk=current().pk)
    remembered = Dropped({version.pk: rules(version.pk)})
    version.version += 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("procedure.queries.standing._standing", remembered)
        drop_outdated(version)
    assert not remembered


def test_whoever_is_not_the_document_owner_is_refused_and_nothing_changes() -> None:
    for name in (small_firm.ADMINISTRATOR, "luqingyue"):
        with pytest.raises(NotPermitted):
            change(small_firm.staff(name))
        with pytest.raises(NotPermitted):
            put_official_text(current(), FILE.encode(), actor=small_firm.staff(name))
    assert current().issuer == "***公司"
    assert not OfficialText.objects.exists()


def test_an_older_form_is_stale(owner: Actor) -> None:
    seen = current().version
    change(owner, seen)
    with pytest.raises(Stale):
        change(owner, seen, issuer="别的公司")


@pytest.mark.parametrize(
    "values",
    [{"number": ""}, {"issuer": "长" * 101}, {"effective_on": date(2026, 1, 1)}, {"issued_on": date(2026, 3, 1)}],
)
def test_what_cannot_stand_is_refused(owner: Actor, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        change(owner, **values)
    assert current().number == "***-ITSM-2010-2011"


def test_two_first_levels_keep_two_names(owner: Actor) -> None:
    alike = {"**服务": Words("服务"), "**支持": Words("服务")}
    with pytest.raises(Invalid):
        change_header(current(), actor=owner, version=None, first_levels=alike, **HEADER)


def test_a_version_that_is_withdrawn_stays_as_it_was(owner: Actor) -> None:
    version = current()
    ProcedureVersion.objects.filter(pk=version.pk).update(state="withdrawn", withdrawn_on=MONDAY.date())
    with pytest.raises(NotPossible):
        change_header(version, actor=owner, version=None, first_levels=LEVELS, **HEADER)


def test_no_other_column_of_a_leaf_changes_beside_the_first_level() -> None:
    leaf = Category.objects.first()
    assert leaf is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Category.objects.filter(pk=leaf.pk).update(level3="别的")
    Category.objects.filter(pk=leaf.pk).update(level1="别的")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_puts_the_owners_words_beside_clauses_terms_and_scales(owner: Actor, encoding: str) -> None:
    report = put_official_text(current(), FILE.encode(encoding), actor=owner)
    placed = {("clause", "3"), ("clause", "5.4.1"), ("definition", "incident"), ("scale", "impact.severe")}
    assert set(report.filled) == placed
    book = rules(current().pk)
    assert str(book.impacts["severe"].meaning.zh) == "以合同附件二为准"
    assert book.meaning("incident").zh == "甲方书面告知的中断。"
    assert put_official_text(current(), FILE.encode(), actor=owner).filled == []


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"PK\x03\x04\x00\x00",
        "没有标题".encode(),
        FILE.encode() + b"a" * 20_001,
        b"a" * (LARGEST_TEXT + 1),
        b"",
    ],
)
def test_a_file_that_is_no_text_of_the_procedure_is_refused(owner: Actor, content: bytes) -> None:
    with pytest.raises(Invalid):
        put_official_text(current(), content, actor=owner)
    assert not OfficialText.objects.exists()


def test_what_no_reader_sees_is_left_out_of_the_owners_words(owner: Actor) -> None:
    put_official_text(current(), "3 术语定义\x0c事件：甲方\x1f书面\x07告\x1b知。\n".encode(), actor=owner)
    assert {row.text for row in OfficialText.objects.all()} == {"事件：甲方书面告知。", "甲方书面告知。"}


def test_the_pages_take_header_and_file(owner: Actor) -> None:
    client = Client()
    sign_in(client, small_firm.user("shilei"))
    assert b"procedure/text/" in client.get("/procedure/").content
    sent = {**HEADER, "issued_on": "2012-03-01", "level_0": "运维服务", "level_en_0": "", "version": current().version}
    assert client.post("/settings/setup/procedure/", sent).status_code == 302
    page = client.get("/procedure/").content.decode()
    assert "远山科技有限公司" in page
    assert "运维服务" in page
    answer = client.post("/settings/setup/procedure/text/", {"file": SimpleUploadedFile("程序.txt", FILE.encode())})
    assert answer.status_code == 302
    assert "4 places filled" in client.get(answer["Location"]).content.decode()
    assert "以本公司文本为准。" in client.get("/procedure/").content.decode()


def test_what_was_typed_comes_back_beside_what_is_wrong(owner: Actor) -> None:
    client = Client()
    sign_in(client, small_firm.user("shilei"))
    sent = {**HEADER, "issued_on": "", "level_0": "运维服务", "level_en_0": "", "version": current().version}
    answer = client.post("/settings/setup/procedure/", sent)
    assert (answer.status_code, "远山科技有限公司" in answer.content.decode()) == (422, True)
    assert client.post("/settings/setup/procedure/text/", {}).status_code == 422


def test_the_sample_is_missed_on_the_set_up_page_until_it_is_replaced(owner: Actor) -> None:
    def masked() -> bool:
        card = next(card for card in cards(standing()) if card.key == "procedure")
        return any("asterisks" in finding.sentence for finding in card.findings)

    assert masked()
    change(owner)
    assert not masked()


def test_the_holder_of_another_role_finds_no_page() -> None:
    client = Client()
    sign_in(client, small_firm.user("luqingyue"))
    assert {client.get(f"/settings/setup/procedure/{end}").status_code for end in ("", "text/")} == {403}
    assert b"procedure/text/" not in client.get("/procedure/").content
    assert Role.DOCUMENT_OWNER not in {grant.role for grant in small_firm.user("luqingyue").grants.all()}
