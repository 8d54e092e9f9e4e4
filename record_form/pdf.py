"""The form as PDF, with its fonts embedded (R-5.5-1).

All that comes from the record travels as JSON into the template, so that no text is ever read as code. The same sheet
gives the same bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import as_file
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import typst

from record_form.layout import Sheet

TEMPLATE = Path(__file__).parent / "typst" / "form.typ"
# A run without a place to break, such as an address, would leave the page.
LONG_RUN = re.compile(r"[^\s⺀-￿]{24,}")
MAY_BREAK = "\u200b"


def render_pdf(sheet: Sheet, *, printed_at: datetime) -> bytes:
    """The sheet on A4; about 0.1 s."""
    data = json.dumps(_breakable(asdict(sheet)), ensure_ascii=False)
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts(), sys_inputs={"sheet": data})
    pdf = compiler.compile(format="pdf", timestamp=int(printed_at.timestamp()))
    assert isinstance(pdf, bytes)
    return pdf


@cache
def fonts() -> typst.Fonts:
    """The Chinese fonts of the package, and what the system has for rare characters; read once a process."""
    with as_file(resources("pylopdf_fonts_zh_cn")) as folder:
        return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[folder])


def _breakable(value: Any) -> Any:
    match value:
        case str():
            return LONG_RUN.sub(lambda run: MAY_BREAK.join(run[0]), value)
        case list():
            return [_breakable(item) for item in value]
        case dict():
            return {key: _breakable(item) for key, item in value.items()}
    return value
