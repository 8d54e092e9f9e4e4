"""Files that are attached to a step: taken with it, named by time line and form, looked at on the record."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.forms.files import MOST
from incidents.models import Attachment, Declaration
from record_form.queries import compose
from record_form.verbs import STEPS
from tests.firm import LIU_DESK, ZHAO_DESK, client_of
from tests.scenes import Scene
from tests.verbs import FORMS
from tests.verbs.example import SCAN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = Scene()
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
TAKES_FILES = {
    "respond",
    "communicate",
    "log_handling",
    "record_visit",
    "wait",
    "resume",
    "resolve",
    "reject",
    "report_up",
    "quick_solve",
    "solve_in_first_contact",
    "withdraw",
}


def upload(name: str = "截图.png", content: bytes = PNG, media_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, media_type)


def send(declaration: Declaration, *files: SimpleUploadedFile, verb: str = "log_handling", **values: Any) -> Any:
    known = {"what": "补寄", "result": "已寄"} if verb == "log_handling" else {}
    sent = {"version": declaration.version, **known, **values, "attachments": list(files)}
    return client_of(LIU_DESK).post(f"/records/{declaration.number}/do/{verb}/", sent)


def attached(declaration: Declaration) -> Attachment:
    return declaration.attachment_rows.select_related("file").latest("pk")


def page(declaration: Declaration) -> str:
    return client_of(LIU_DESK).get(f"/records/{declaration.number}/").content.decode()


def test_every_step_that_writes_a_row_takes_files() -> None:
    assert {name for name, verb in STEPS.items() if "attachments" in verb.form.base_fields} == TAKES_FILES


@pytest.mark.parametrize("verb", sorted(TAKES_FILES))
def test_the_step_keeps_its_file_under_its_own_name(verb: str) -> None:
    example = FORMS[verb]
    declaration = example.made()
    sent = {"version": declaration.version, **example.values(), "attachments": [upload()]}
    assert client_of(example.by).post(f"/records/{declaration.number}/do/{verb}/", sent).status_code == 302
    assert attached(declaration).purpose == ("quick_solve" if verb == "solve_in_first_contact" else verb)


def test_a_file_belongs_to_the_step_with_which_it_came() -> None:
    declaration = SCENE.in_progress()
    assert send(declaration, upload(), upload("日志.txt", b"ok", "text/plain")).status_code == 302
    step = declaration.handlingstep_rows.get()
    rows = declaration.attachment_rows.order_by("pk")
    assert [(row.name, row.row, row.purpose) for row in rows] == [
        ("截图.png", f"handlingstep:{step.pk}", "log_handling"),
        ("日志.txt", f"handlingstep:{step.pk}", "log_handling"),
    ]
    assert not any(row.came_with_the_call for row in rows)


def test_what_the_customer_was_told_has_its_files_too() -> None:
    declaration = SCENE.in_progress()
    assert send(declaration, upload(), verb="communicate", way="email", text="进展见附图").status_code == 302
    assert attached(declaration).row == f"communication:{declaration.communication_rows.latest('pk').pk}"


def test_time_line_section_and_form_name_the_file() -> None:
    declaration = SCENE.in_progress()
    send(declaration, upload("对账单.png"))
    address = f"/records/{declaration.number}/files/{attached(declaration).pk}/"
    shown = page(declaration)
    assert shown.count(f'href="{address}"') == 2
    assert f'src="{address}preview/"' in shown
    result = compose(Declaration.objects.get(pk=declaration.pk)).row(34).cells[0][3]
    assert [piece.get("text") for piece in result] == ["已寄", "对账单.png"]


def test_a_picture_under_a_wrong_ending_gets_the_right_one_and_the_record_says_so() -> None:
    declaration = SCENE.in_progress()
    send(declaration, upload("微信图片.png", JPEG))
    row = attached(declaration)
    assert (row.name, row.given_name, row.file.media_type) == ("微信图片.jpg", "微信图片.png", "image/jpeg")
    assert "微信图片.png is really JPEG; kept as 微信图片.jpg" in page(declaration)


def test_what_is_not_taken_is_refused_with_its_name_and_nothing_typed_is_lost() -> None:
    declaration = SCENE.in_progress()
    answer = send(declaration, upload(), upload("报表.zip", b"PK\x03\x04", "application/zip"), what="补寄三份")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "报表.zip: This kind of file is not taken." in shown
    assert "补寄三份" in shown
    assert "Choose once more what a browser does not send twice: 截图.png, 报表.zip" in shown
    assert not declaration.attachment_rows.exists()


def test_an_empty_and_a_large_file_are_refused_in_the_words_that_the_page_has(settings: Any) -> None:
    declaration = SCENE.in_progress()
    form = client_of(LIU_DESK).get(f"/records/{declaration.number}/do/log_handling/").content.decode()
    settings.MAX_UPLOAD_BYTES = 1024**2
    for name, content, sentence in (
        ("空.png", b"", "The file is empty. Check it, then attach it again."),
        ("大.png", PNG + b"0" * 1024**2, "Files up to 1 MB."),
    ):
        assert sentence in send(declaration, upload(name, content)).content.decode()
    assert 'data-empty="The file is empty. Check it, then attach it again."' in form
    assert "Up to 10 files of 20 MB each" in form


def test_more_than_a_step_takes_are_refused() -> None:
    files = [upload(f"{count}.png") for count in range(MOST + 1)]
    answer = send(SCENE.in_progress(), *files)
    assert (answer.status_code, "At most 10 files at once." in answer.content.decode()) == (422, True)


def test_a_picture_is_shown_as_what_it_is_and_runs_nothing() -> None:
    declaration = SCENE.in_progress()
    send(declaration, upload())
    answer = client_of(LIU_DESK).get(f"/records/{declaration.number}/files/{attached(declaration).pk}/preview/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_looked_at_in_a_page_of_its_own_that_loads_nothing() -> None:
    declaration = SCENE.in_progress()
    send(declaration, upload("函.pdf", SCAN, "application/pdf"))
    answer = client_of(LIU_DESK).get(f"/records/{declaration.number}/files/{attached(declaration).pk}/preview/")
    assert (answer["Content-Type"], answer["Content-Security-Policy"]) == (
        "application/pdf",
        "default-src 'none'; frame-ancestors 'none'",
    )


def test_all_else_is_only_handed_out_and_a_stranger_sees_neither() -> None:
    declaration = SCENE.in_progress()
    send(declaration, upload("日志.txt", b"ok", "text/plain"))
    address = f"/records/{declaration.number}/files/{attached(declaration).pk}/"
    assert client_of(LIU_DESK).get(f"{address}preview/").status_code == 404
    assert client_of(LIU_DESK).get(address)["Content-Type"] == "application/octet-stream"
    send(Declaration.objects.get(pk=declaration.pk), upload())
    picture = f"/records/{declaration.number}/files/{attached(declaration).pk}/preview/"
    assert client_of(ZHAO_DESK).get(picture).status_code == 404


def test_a_file_that_was_struck_out_stays_in_the_time_line_alone() -> None:
    declaration = SCENE.in_progress()
    send(declaration, upload("错的.png"))
    row = attached(declaration)
    form = {"version": declaration.version + 1, "row": row.row_name, "reason": "传错了"}
    assert client_of(LIU_DESK).post(f"/records/{declaration.number}/do/strike_out/", form).status_code == 302
    shown = page(declaration)
    assert "preview/" not in shown
    assert shown.count("错的.png") >= 1
    cell = compose(Declaration.objects.get(pk=declaration.pk)).row(34).cells[0][3]
    assert [piece.get("text") for piece in cell] == ["已寄"]
