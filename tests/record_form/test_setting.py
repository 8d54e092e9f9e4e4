"""Setting a sheet can fail, hang and eat memory without harm to the desk, and never longer than its limits."""

from __future__ import annotations

import subprocess
import threading
import time
import unicodedata

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from ledger.models import Entry
from record_form import pdf
from record_form.layout import Frame, Sheet, SheetCell, SheetPart, Shown
from record_form.printable import clean
from tests import scenes
from tests.firm import LIU_DESK, client_of

SCRIPTS = {
    "han": "长",
    "han of extension B": "𠮷𪚥",
    "tibetan": "བོད་སྐད",
    "devanagari": "हिन्दी",
    "conjuncts without an end": "क्",
    "arabic": "العربية",
    "emoji": "👨‍👩‍👧😀",
    "marks on a letter": "a" + "\u0301" * 30,
    "marks alone": "\u0301",
}
LONGEST_BODY = 20_000


def sheet_of(body: str) -> Sheet:
    frame = Frame("事件记录表", "SD-20261123-001", "", "", "", "", "", "{page}/{total}", "")
    return Sheet(
        "zh", frame, [SheetPart("一", "", "", [[SheetCell(7, "body", "事件描述", "", lines=[[Shown(clean(body))]])]])]
    )


def rendered(body: str) -> bytes:
    return pdf.render_pdf(sheet_of(body), printed_at=scenes.MONDAY)


@pytest.mark.parametrize("script", list(SCRIPTS))
def test_every_script_is_set_within_ten_seconds(script):
    begun = time.monotonic()
    made = rendered((SCRIPTS[script] * LONGEST_BODY)[:LONGEST_BODY])
    assert made.startswith(b"%PDF-")
    assert time.monotonic() - begun < 10


def test_a_letter_keeps_four_marks():
    assert clean("a" + "\u0301" * 9 + "b\u0302") == "a" + "\u0301" * 4 + "b\u0302"
    assert clean("a" + "\u0301\u200d" * 9).count("\u0301") == 4


@pytest.mark.parametrize("program", ["raise BaseException('panic')", "import os; os.abort()"], ids=["panic", "abort"])
def test_a_panic_is_a_sentence(monkeypatch, tmp_path, program):
    panicking = tmp_path / "typesetter.py"
    panicking.write_text(program)
    monkeypatch.setattr(pdf, "TYPESETTER", panicking)
    with pytest.raises(pdf.NotPrinted, match="could not be made"):
        rendered("长")


def test_too_little_memory_is_a_sentence(monkeypatch):
    monkeypatch.setattr(pdf, "MEMORY", 64 * 1024**2)
    with pytest.raises(pdf.NotPrinted, match="could not be made"):
        rendered("长")


@pytest.mark.parametrize("program", ["while True: pass", "import time; time.sleep(60)"], ids=["busy", "asleep"])
def test_what_hangs_is_ended(monkeypatch, tmp_path, program):
    hanging = tmp_path / "typesetter.py"
    hanging.write_text(program)
    monkeypatch.setattr(pdf, "TYPESETTER", hanging)
    monkeypatch.setattr(pdf, "SECONDS", 0.5)
    begun = time.monotonic()
    with pytest.raises(pdf.NotPrinted, match="could not be made"):
        rendered("长")
    assert time.monotonic() - begun < 5


def test_breaks_stand_twenty_characters_apart_at_least_and_never_within_a_letter():
    broken = pdf._breakable("x" * 41 + "y\u0301" * 30)
    pieces = broken.split(pdf.MAY_BREAK)
    assert all(len(piece) >= pdf.BREAK_AFTER for piece in pieces[:-1])
    assert not any(unicodedata.category(piece[0]).startswith("M") for piece in pieces)
    assert "".join(pieces) == "x" * 41 + "y\u0301" * 30


@pytest.fixture
def slow(monkeypatch):
    """Every sheet takes until the test lets go; answers how many were begun, and the way to let go."""
    begun, go = [], threading.Event()

    def run(*_arguments, **_options):
        begun.append(1)
        assert go.wait(30)
        return subprocess.CompletedProcess([], 0, stdout=b"%PDF-")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(pdf, "PATIENCE", 0.1)
    yield begun, go
    go.set()


def sixteen_at_once(go: threading.Event) -> list[str]:
    answers: list[str] = []

    def take() -> None:
        try:
            answers.append(rendered("长")[:5].decode())
        except pdf.NotPrinted as error:
            answers.append(str(error))

    threads = [threading.Thread(target=take) for _ in range(16)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    early = list(answers)
    go.set()
    for thread in threads:
        thread.join()
    return early


def test_two_are_set_at_once_and_the_others_are_told_to_come_again(slow):
    begun, go = slow
    told = sixteen_at_once(go)
    assert len(begun) == 2
    assert len(told) == 14
    assert all("Try again" in sentence for sentence in told)


def test_without_turns_all_threads_would_be_held(slow, monkeypatch):
    monkeypatch.setattr(pdf, "AT_ONCE", threading.BoundedSemaphore(16))
    begun, go = slow
    assert sixteen_at_once(go) == []
    assert len(begun) == 16


@pytest.mark.django_db
def test_who_asked_reads_a_sentence_and_nothing_is_in_the_print_log(scene, monkeypatch, tmp_path):
    declaration = scene.accepted()
    monkeypatch.setattr(pdf, "MEMORY", 64 * 1024**2)
    browser = client_of(LIU_DESK, headers={"accept-language": "zh-hans"})
    answer = browser.get(reverse("record-form-pdf", args=[declaration.number]))
    assert answer.status_code == 503
    assert "请改为打印表单页面" in answer.content.decode()
    with pytest.raises(CommandError, match="PDF"):
        call_command("print_form", declaration.number, tmp_path / "form.pdf")
    assert not Entry.objects.filter(stream=f"prints:{declaration.number}").exists()
