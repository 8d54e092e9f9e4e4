"""The PDF: everything in it, as text, with its fonts, on pages that count."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.translation import override

from incidents import actions
from incidents.models import Declaration
from record_form.layout import sheet
from record_form.pdf import render_pdf
from record_form.printable import clean
from record_form.queries import compose, head_of
from record_form.structure import RecordForm
from tests import scenes
from tests.record_form.reading import printed, told_by

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils to read PDF files"),
]
BLANK = re.compile(r"\s")
RARE = Path("/usr/share/fonts/truetype/hanazono")
HOSTILE = [
    '#set page(width: 1cm) #panic("x") $ x $ *b* _i_ `c` @ref <label> \\ // /* */ #{ } [ ] ~ -- ---',
    "<script>alert(1)</script> &amp; <b>x</b> {{ 7|add:1 }} {% now 'Y' %}",
    '"} ], "x": [ \\u0041 \\n',
    "= + - @ =cmd|' /C calc'!A0",
    "龘㐀﹏“”‘’——……￥％",
]


def pdf(declaration: Declaration, *, language: str = "zh-hans", printed_by: str = "郑可心", minutes: int = 0) -> bytes:
    at = scenes.MONDAY + timedelta(minutes=minutes)
    form, head = compose(declaration, ledger_head=head_of(declaration)), head_of(declaration)
    with override(language):
        return render_pdf(sheet(form, printed_by=printed_by, printed_at=at, ledger_head=head), printed_at=at)


def said(form: RecordForm) -> list[str]:
    """Every text that stands in a row which applies, in Chinese, without blanks."""
    rows = [row for row in form.rows if row.state in ("filled", "open")]
    lines = [line for row in rows for line in [*row.lines, *(cell for cells in row.cells for cell in cells)]]
    texts = [piece.get(key, "") for line in lines for piece in line for key in ("text", "zh", "name_zh", "on")]
    return [BLANK.sub("", text) for text in texts if text]


def test_every_font_is_embedded(scene, tmp_path):
    listed = told_by("pdffonts", pdf=pdf(scene.filed()), folder=tmp_path).splitlines()[2:]
    assert any("NotoSerifSC" in line for line in listed)
    assert any("NotoSansSC" in line for line in listed)
    assert all(line.split()[-5] == "yes" for line in listed), listed


@pytest.mark.parametrize("state", ["filed", "handover_done", "request_done", "invalid", "waiting_customer"])
def test_every_value_is_in_the_text_of_the_pdf(scene, state, tmp_path):
    declaration = scene.at(state)
    text = printed(pdf(declaration), tmp_path)
    assert [value for value in said(compose(declaration)) if value not in text] == []


def test_all_56_names_are_in_the_pdf(scene, tmp_path):
    declaration = scene.accepted()
    text = printed(pdf(declaration), tmp_path)
    assert [row.number for row in compose(declaration).rows if BLANK.sub("", row.label.zh) not in text] == []


def test_head_and_foot_stand_on_every_page(scene, tmp_path):
    declaration = scene.filed()
    made = pdf(declaration)
    pages = int(re.findall(r"Pages:\s+(\d+)", told_by("pdfinfo", pdf=made, folder=tmp_path))[0])
    text = printed(made, tmp_path)
    assert pages > 1
    for each in (
        "程序编号：***-ITSM-2010-2011",
        "版本：V2.0",
        "受控密级：内部",
        "事件管理程序V2.02012-03-08发布2012-03-10实施",
        "打印：郑可心2026-11-2310:00打印件不受控",
    ):
        assert text.count(each) == pages, each
    assert all(f"第{page}页，共{pages}页" in text for page in range(1, pages + 1))
    head = head_of(declaration)
    assert text.count(f"台账校验{head.hash[:8]}") == pages


def test_pages_are_a4(scene, tmp_path):
    assert "A4" in told_by("pdfinfo", pdf=pdf(scene.accepted()), folder=tmp_path)


def test_the_english_form_is_english(scene, tmp_path):
    text = printed(pdf(scene.filed(), language="en"), tmp_path)
    for each in ("IncidentRecordForm", "Page1of", "Formnumber", "Notapplicable", "Confidentiality:Internal"):
        assert each in text
    assert "不适用" not in text


@pytest.mark.parametrize("typed", HOSTILE, ids=["typst", "html", "json", "spreadsheet", "rare characters"])
def test_hostile_text_comes_out_as_text(scene, typed, tmp_path):
    declaration = scene.accepted(subject=typed[:100], body=typed)
    assert printed(pdf(declaration), tmp_path).count(BLANK.sub("", typed)) >= 1


def test_a_character_that_no_font_has_stops_nothing(scene, tmp_path):
    assert "后文" in printed(pdf(scene.accepted(body="\U0002fffd\U000e0101😀\U0001f9ff后文")), tmp_path)


@pytest.mark.skipif(not RARE.exists(), reason="needs fonts-hanazono")
def test_a_font_that_the_firm_adds_prints_the_name(scene, tmp_path, settings):
    settings.FORM_FONT_FOLDERS = [str(RARE)]
    text = printed(pdf(scene.accepted(body="\U00020bb7野来电")), tmp_path)
    assert "\U00020bb7野来电" in text
    assert "U+20BB7" not in text


def test_controls_and_turned_writing_are_left_out(scene, tmp_path):
    declaration = scene.accepted(body="甲\x07乙\x1b[31m丙\u202e丁\u200f戊\ufeff")
    assert "甲乙[31m丙丁戊" in printed(pdf(declaration), tmp_path)


def test_clean_keeps_line_ends_and_letters_of_every_plane():
    assert clean("甲\r\n乙\r丙\t𠮷\u0000\u0085") == "甲\n乙\n丙\t𠮷"


@pytest.mark.parametrize("sign", ["长", "w", "w "], ids=["chinese", "one endless word", "words"])
def test_a_text_of_20000_characters_stays_on_its_pages(scene, sign, tmp_path):
    body = (sign * 20_000)[:20_000]
    declaration = scene.accepted(body=body)
    made = pdf(declaration)
    assert printed(made, tmp_path).count(sign.strip()) >= body.count(sign.strip())
    boxes = told_by("pdftotext", "-bbox", pdf=made, folder=tmp_path)
    assert max(float(right) for right in re.findall(r'xMax="([\d.]+)"', boxes)) <= 595 - 45
    assert max(float(bottom) for bottom in re.findall(r'yMax="([\d.]+)"', boxes)) <= 842 - 20


def test_an_address_is_copied_from_the_pdf_as_it_was_typed(scene, tmp_path):
    address = f"https://example.org/{'abcdefghij' * 20}/x"
    told = told_by("pdftotext", "-raw", pdf=pdf(scene.accepted(body=f"见 {address} 后")), folder=tmp_path)
    assert "\u200b" not in told
    assert address in told.replace("\n", "")


def test_a_section_head_never_ends_a_page(scene, tmp_path):
    for lines in range(0, 24, 2):
        declaration = scene.accepted(body="行\n" * lines + "行")
        pages = told_by("pdftotext", "-layout", pdf=pdf(declaration), folder=tmp_path).split("\f")
        for page in filter(str.strip, pages):
            rows = [line for line in page.splitlines() if line.strip()]
            last = rows[rows.index(next(row for row in rows if "实施" in row)) - 1]
            assert not re.match(r"\s*[一二三四五六七八九]、", last), (lines, last)


def test_the_same_print_has_the_same_bytes(scene):
    declaration = scene.filed()
    assert pdf(declaration) == pdf(declaration)
    assert pdf(declaration) != pdf(declaration, minutes=1)
    assert pdf(declaration) != pdf(declaration, printed_by="王晓舟")


def test_a_form_with_a_long_course_prints_every_step(scene, tmp_path):
    declaration = scene.handled()
    for number in range(40):
        scene.do(actions.log_handling, declaration, scene.desk, what=f"措施之{number:02}", result="完成" * 30)
    text = printed(pdf(declaration), tmp_path)
    assert all(f"措施之{number:02}" in text for number in range(40))


def test_a_copy_that_was_altered_says_so_on_every_page(scene, tmp_path):
    form = compose(scene.filed())
    with override("zh-hans"):
        shown = sheet(form, printed_by="郑可心", printed_at=scenes.MONDAY, is_intact=False)
    made = render_pdf(shown, printed_at=scenes.MONDAY)
    assert printed(made, Path(tmp_path)).count("内容与归档时的校验值不符") >= 2
