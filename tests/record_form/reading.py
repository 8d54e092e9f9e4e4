"""Reads forms and PDF files the way a person would."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from record_form.structure import FormLine, Piece, RecordForm


def words(form: RecordForm, number: int) -> str:
    """All that stands in a row, in Chinese."""
    row = form.row(number)
    lines = [*row.lines, *(cell for cells in row.cells for cell in cells)]
    return " | ".join(_line(line) for line in lines)


def _line(line: FormLine) -> str:
    return " ".join(map(_piece, line))


def _piece(piece: Piece) -> str:
    said = piece.get("text") or piece.get("zh") or piece.get("at") or piece.get("on") or piece.get("hash") or ""
    box = {True: "[x]", False: "[ ]", None: ""}[piece.get("ticked")]
    return " ".join(filter(None, [piece.get("name_zh"), box, said]))


def printed(pdf: bytes, folder: Path) -> str:
    """The text of a PDF without blanks and line ends, which a page sets as it needs."""
    return re.sub(r"\s|\u200b|\u00ad", "", told_by("pdftotext", "-raw", pdf=pdf, folder=folder))


def told_by(*command: str, pdf: bytes, folder: Path) -> str:
    """What a tool of poppler says of a PDF."""
    file = folder / "form.pdf"
    file.write_bytes(pdf)
    tail = ["-"] if command[0] == "pdftotext" else []
    return subprocess.run([*command, str(file), *tail], capture_output=True, check=True).stdout.decode()
