"""The owner's own words beside ours."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from ledger.models import Entry
from ledger.signature import Signature
from procedure.actions import import_official_text
from procedure.models import OfficialText
from procedure.queries import official_texts

pytestmark = pytest.mark.django_db
OPERATOR = Signature("system", "system", "manage.py")
# Made up for the test; the shape is that of the paper: numbered headings, terms with a colon, tables with tabs.
FILE = """Cover page

1 目的

Why this document is here.

3 术语定义

事件：a first meaning of the word.
无此词：not one of ours.

4 职责

5 过程
5.4.3 事件分类和优先级确定

How to sort.
分级\t描述
轻微\tnearly nothing
严重\tvery much
紧急程度\t高\t一级
5.4.9 没有这一条

Belongs to nothing.

9 参照文件
无。
"""


def _import(version, text=FILE):
    return import_official_text(text, version=version, signature=OPERATOR)


def test_words_find_their_clause_term_and_scale(version):
    report = _import(version)
    texts = official_texts(version.pk)
    assert texts["clause", "1"] == "Why this document is here."
    assert texts["clause", "DC"] == "Cover page"
    assert texts["clause", "9"] == "无。"
    assert texts["definition", "incident"] == "a first meaning of the word."
    assert texts["scale", "impact.minor"] == "nearly nothing"
    assert texts["scale", "impact.severe"] == "very much"
    assert ("clause", "1") in report.filled


def test_what_fits_nowhere_is_told_and_not_lost(version):
    report = _import(version)
    assert report.unplaced == ["5.4.9 没有这一条", "无此词"]
    assert "Belongs to nothing." in official_texts(version.pk)["clause", "5.4.3"]
    assert report.empty == [("clause", "4"), ("clause", "5")]
    assert ("clause", "5.4.4") in report.missing
    assert ("scale", "urgency.high") in report.missing


def test_a_second_import_changes_nothing_and_a_new_wording_counts_from_then_on(version):
    _import(version)
    again = _import(version)
    assert not again.filled
    assert ("clause", "1") in again.unchanged
    changed = _import(version, FILE.replace("Why this", "Because this"))
    assert changed.filled == [("clause", "1")]
    assert official_texts(version.pk)["clause", "1"].startswith("Because")
    _import(version)
    assert official_texts(version.pk)["clause", "1"].startswith("Why")
    assert Entry.objects.filter(stream=version.stream, action="import_official_text").count() == 3


def test_imported_words_cannot_be_changed(version):
    _import(version)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialText.objects.update(text="altered")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_command_reads_the_encodings_of_chinese_files(version, tmp_path, capsys, encoding):
    file = tmp_path / "own.txt"
    file.write_bytes(FILE.replace("\n", "\r\n").encode(encoding))
    call_command("import_procedure", str(file))
    assert official_texts(version.pk)["clause", "9"] == "无。"
    assert "5.4.9" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"\xff\xff\xff\xff", b"PK\x03\x04\x00\x00", b"x" * (2 * 1024 * 1024 + 1)])
def test_the_command_refuses_what_is_no_text(version, tmp_path, content):
    file = tmp_path / "own.doc"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_procedure", str(file))
    assert not OfficialText.objects.exists()
