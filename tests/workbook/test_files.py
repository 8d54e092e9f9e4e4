"""What Excel and WPS write is read, CSV in both encodings too; what lies about itself is refused with a sentence."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import BytesIO
from time import process_time
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from accounts.actors import Actor
from ledger.exceptions import Invalid
from tests.workbook.books import FIRM, book, handed_in, mistakes, outcomes, planned, saved, text, title
from workbook.actions import upload
from workbook.models import Import
from workbook.reading import Unreadable, packages, read

pytestmark = pytest.mark.django_db
DEPARTMENTS = FIRM["departments"]
# As a spreadsheet has a date.
MIDNIGHT = datetime(2026, 3, 8)  # noqa: DTZ001
SHEET = "xl/worksheets/sheet1.xml"


def repacked(stream: BytesIO, parts: Mapping[str, bytes], **how: Any) -> BytesIO:
    """The package with some parts replaced or added."""
    made = BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part not in parts:
                new.writestr(part, old.read(part))
        for part, content in parts.items():
            new.writestr(part, content)
    made.seek(0)
    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_one_sheet_as_csv_is_known_by_its_headings(admin: Actor, encoding: str) -> None:
    rows = planned(text("departments", DEPARTMENTS, encoding), admin, "部门.csv")
    assert [(row.sheet, row.row, row.outcome, row.label) for row in rows] == [
        ("departments", 2, "new", "FIN1 金融业务一部"),
        ("departments", 3, "new", "QA 质量部"),
    ]


def test_each_sheet_is_told_from_the_others(admin: Actor) -> None:
    for key, rows in FIRM.items():
        assert [page.sheet.key for page in read(text(key, rows), "x.csv").pages] == [key]


def test_a_mistake_in_csv_has_its_row_and_column(admin: Actor) -> None:
    bad = [{**FIRM["people"][0], "department": "=HYPERLINK()", "mobile": "1.38E+10"}]
    assert [each[:3] for each in mistakes(planned(text("people", bad), admin, "人员.csv"))] == [
        ("people", 2, "department"),
        ("people", 2, "mobile"),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("甲,乙\n1,2\n".encode(), "These headings are those of no sheet."),
        (b"\xff\xff\xff", "The file is neither UTF-8 nor GB18030 text."),
        (b"", "The file is empty."),
        (b"a" * 200_000, "The file is no table."),
    ],
)
def test_csv_that_is_none_of_ours_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read(BytesIO(content), "x.csv")


def test_dates_and_numbers_come_as_they_are_typed(admin: Actor) -> None:
    days: list[object] = [date(2026, 3, 8), MIDNIGHT, "2026-3-8", "2026/3/8", "２０２６年３月８日"]
    rows = [{**FIRM["grants"][0], "starts_on": day, "person": "LS-gulan"} for day in days]
    found = planned(book({"grants": rows}), admin)
    assert {row.values["starts_on"] for row in found} >= {"2026-03-08"}
    assert not [each for each in mistakes(found) if each[2] == "starts_on"]


def test_the_size_that_a_sheet_claims_is_not_believed(admin: Actor) -> None:
    stream = book({"departments": DEPARTMENTS})
    with zipfile.ZipFile(stream) as package:
        sheet = package.read(SHEET).replace(b"A1:C3", b"A1")
    assert outcomes(planned(repacked(stream, {SHEET: sheet}), admin)) == {"new": 2}


def test_a_million_empty_rows_are_passed_over(admin: Actor) -> None:
    stream = book({"departments": DEPARTMENTS})
    with zipfile.ZipFile(stream) as package:
        sheet = package.read(SHEET)
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (row, row) for row in range(10, 1_000_010))
    padded = repacked(stream, {SHEET: sheet.replace(b"</sheetData>", empty + b"</sheetData>")})
    began = process_time()
    assert outcomes(planned(padded, admin)) == {"new": 2}
    assert process_time() - began < 30


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_ROWS", 2)
    with pytest.raises(Unreadable, match="More than 2 rows"):
        read(book({"departments": DEPARTMENTS}), "x.xlsx")


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Unreadable, match="unpacks to more"):
        read(repacked(book({"departments": DEPARTMENTS}), {"xl/media/x.bin": b"0" * (130 * 1024**2)}), "x.xlsx")


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
PLACES = ["xl/sharedStrings.xml", "xl/texts.bin", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet7.xml"]
FILLED = {
    "by size": b"<sst " + MAIN + b"><si><t>" + b"x" * (25 * 1024**2) + b"</t></si></sst>",
    "by number": b"<sst " + MAIN + b">" + b"<si/>" * 1_100_000 + b"</sst>",
}


def renamed(parts: Mapping[str, bytes], **names: str) -> BytesIO:
    """A workbook whose types of content call a kind of part otherwise."""
    stream = book({"departments": DEPARTMENTS})
    with zipfile.ZipFile(stream) as package:
        types = package.read(TYPES).decode()
    for kind, name in names.items():
        told = f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"'
        types = types.replace("</Types>", f'<Override PartName="/{name}" {told}/></Types>')
        types = types.replace("/xl/sharedStrings.xml", f"/{name}") if kind == "sharedStrings" else types
    return repacked(stream, {TYPES: types.encode(), **parts})


@pytest.mark.parametrize("content", FILLED)
@pytest.mark.parametrize("place", PLACES)
def test_shared_texts_are_limited_whatever_their_part_is_called(place: str, content: str) -> None:
    with pytest.raises(Unreadable, match="unpacks to more"):
        read(renamed({place: FILLED[content]}, sharedStrings=place), "x.xlsx")


@pytest.mark.parametrize("place", ["xl/styles.xml", "xl/theme/theme1.xml", "docProps/custom.xml", RELATIONS, TYPES])
@pytest.mark.parametrize("kind", ["worksheet", "sharedStrings", "styles"])
def test_what_becomes_a_tree_is_limited_whatever_it_is_said_to_be(place: str, kind: str) -> None:
    for content in (b"<a>" + b"<b/>" * 150_000 + b"</a>", b"<a>" + b" " * (9 * 1024**2) + b"</a>"):
        with pytest.raises(Unreadable, match="unpacks to more"):
            read(renamed({place: content}, **{kind: place}), "x.xlsx")


def test_a_sheet_that_is_a_chart_as_well_is_limited_like_one() -> None:
    """A chart on a sheet of its own is read into a tree as a whole."""
    chart = b"<chartsheet " + MAIN + b">" + b"<row/>" * 150_000 + b"</chartsheet>"
    stream = book({"departments": DEPARTMENTS})
    with zipfile.ZipFile(stream) as package:
        relations = package.read(RELATIONS).replace(b"relationships/worksheet", b"relationships/chartsheet")
    with pytest.raises(Unreadable, match="unpacks to more"):
        read(repacked(stream, {RELATIONS: relations, SHEET: chart}), "x.xlsx")


@pytest.mark.parametrize("inside", [b"<row>%s</row>", b"<sheetData><row>%s</row></sheetData>", b"%s"])
def test_one_row_cannot_hold_all_memory(inside: bytes) -> None:
    sheet = b"<worksheet " + MAIN + b">" + inside % (b"<c/>" * 150_000) + b"</worksheet>"
    with pytest.raises(Unreadable, match="unpacks to more"):
        read(repacked(book({"departments": DEPARTMENTS}), {SHEET: sheet}), "x.xlsx")


def test_rows_within_rows_or_of_another_kind_count_as_one() -> None:
    cells, foreign = b"<c/>" * 60_000, b'<x:row xmlns:x="urn:x">%s</x:row>'
    for rows in (b"<row>%s<row/>%s</row>" % (cells, cells), (foreign % cells) * 2):
        sheet = b"<worksheet " + MAIN + b"><sheetData>" + rows + b"</sheetData></worksheet>"
        with pytest.raises(Unreadable, match="unpacks to more"):
            read(repacked(book({"departments": DEPARTMENTS}), {SHEET: sheet}), "x.xlsx")


@pytest.mark.parametrize("place", ["xl/texts.bin", "xl/worksheets/texts"])
def test_a_document_type_is_refused_whatever_its_part_is_called(place: str) -> None:
    bomb = b"<!DOCTYPE sst [<!ENTITY a 'aaaaaaaaaa'>]><sst " + MAIN + b"><si><t>&a;</t></si></sst>"
    with pytest.raises(Unreadable, match="declares a document type"):
        read(renamed({place: bomb}, sharedStrings=place), "x.xlsx")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_a_document_type_is_refused(part: str) -> None:
    stream = book({"departments": DEPARTMENTS})
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(stream) as package:
        content = package.read(part)
    head, _end, rest = (
        content.partition(b"?>") if content.startswith(b"<?xml") else (b"<?xml version='1.0'", b"", content)
    )
    with pytest.raises(Unreadable, match="declares a document type"):
        read(repacked(stream, {part: head + b"?>" + bomb + rest}), "x.xlsx")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_a_damaged_part_is_no_error_of_the_desk(part: str) -> None:
    for content in (b"", b"<worksheet", b"<a/>", b"\x00\xff" * 20):
        try:
            found = read(repacked(book({"departments": DEPARTMENTS}), {part: content}), "x.xlsx")
            [list(page.rows()) for page in found.pages]
        except Unreadable:
            continue


def test_a_hidden_sheet_is_named(admin: Actor) -> None:
    def change(made: Workbook) -> None:
        made[title("departments")].sheet_state = "hidden"
        made.create_sheet("x")

    found = mistakes(planned(book({"departments": DEPARTMENTS}, change), admin))
    assert ("departments", 1, "", "This sheet is hidden. Show it, so that nothing is entered unseen.") in found


@pytest.mark.parametrize("number", ["2000000000", "9" * 30, "1"])
def test_rows_out_of_order_or_beyond_every_sheet_are_refused(number: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{number}"><c r="A{number}"><v>1</v></c></row>'
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>".encode()
    with pytest.raises(Unreadable, match="not in their order"):
        read(repacked(book({"departments": DEPARTMENTS}), {SHEET: sheet}), "x.xlsx")


def test_an_empty_workbook_says_so() -> None:
    with pytest.raises(Unreadable, match="Nothing stands"):
        read(book({"departments": []}), "x.xlsx")


def macros() -> BytesIO:
    return repacked(book({"departments": DEPARTMENTS}), {"xl/vbaProject.bin": b"x"})


LIES: dict[str, tuple[Callable[[], BytesIO], str]] = {
    "macros": (macros, "a.xlsx"),
    "named as if it had macros": (lambda: book({"departments": DEPARTMENTS}), "a.xlsm"),
    "a workbook as text": (lambda: book({"departments": DEPARTMENTS}), "a.csv"),
    "text as a workbook": (lambda: text("departments", DEPARTMENTS), "a.xlsx"),
    "PDF": (lambda: BytesIO(b"%PDF-1.7\n"), "a.xlsx"),
    "a broken package": (lambda: BytesIO(b"PK\x03\x04" + b"0" * 100), "a.xlsx"),
    "a page": (lambda: BytesIO(b"<html><script>"), "a.csv"),
    "nothing": (lambda: BytesIO(b""), "a.xlsx"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_lies_about_its_type_is_not_kept(admin: Actor, lie: str) -> None:
    made, name = LIES[lie]
    with pytest.raises(Invalid) as refused:
        upload(made(), name, actor=admin)
    assert list(refused.value.errors) == ["file"]
    assert not Import.objects.exists()


def test_a_file_that_cannot_be_read_says_why_and_can_be_left(admin: Actor) -> None:
    found = handed_in(repacked(book({"departments": DEPARTMENTS}), {SHEET: b"<worksheet"}), admin)
    assert found.state == Import.State.UNREADABLE
    assert found.remark.startswith("The file is damaged.")


def test_texts_that_cells_share_are_read_as_excel_writes_them(admin: Actor) -> None:
    made = BytesIO()
    words = ["部门编码", "名称", "FIN1", "金融业务一部"]
    cells = [f'<c r="{name}" t="s"><v>{index}</v></c>' for index, name in enumerate(("A1", "B1", "A2", "B2"))]
    rows = f'<row r="1">{"".join(cells[:2])}</row><row r="2" spans="1:2">{"".join(cells[2:])}</row>'
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = (
        f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="部门" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    shared = f"<sst {main}>{''.join(f'<si><t>{word}</t></si>' for word in words)}</sst>"
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("[Content_Types].xml", _types())
        package.writestr("_rels/.rels", _relations(f"{office}/officeDocument", "xl/workbook.xml"))
        package.writestr("xl/workbook.xml", book)
        package.writestr("xl/_rels/workbook.xml.rels", _relations(f"{office}/worksheet", "worksheets/sheet1.xml"))
        package.writestr(SHEET, f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>")
        package.writestr("xl/sharedStrings.xml", shared)
    made.seek(0)
    assert [row.label for row in planned(made, admin)] == ["FIN1 金融业务一部"]


def _types() -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {"workbook.xml": "sheet.main", "worksheets/sheet1.xml": "worksheet", "sharedStrings.xml": "sharedStrings"}
    named = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{kind}.{what}+xml"/>' for name, what in parts.items()
    )
    plain = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{plain}{named}</Types>'


def _relations(kind: str, target: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}"><Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'


def test_what_wps_adds_does_no_harm(admin: Actor) -> None:
    """Its own parts, inline texts, and times behind the days."""
    made = load_workbook(book({"departments": DEPARTMENTS}))
    made.create_sheet("WpsReserved_CellImgList").sheet_state = "veryHidden"
    assert outcomes(planned(saved(made), admin)) == {"new": 2}
