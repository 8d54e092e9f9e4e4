"""The form as PDF, with its fonts embedded (R-5.5-1).

All that comes from the record travels as JSON into the template, so that no text is ever read as code. The same sheet
gives the same bytes.
"""

from __future__ import annotations

import json
import logging
import math
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ledger.exceptions import Refused
from record_form.glyphs import font_folders, with_code_points
from record_form.layout import Sheet

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parent / "typst" / "form.typ"
TYPESETTER = Path(__file__).parent / "typesetter.py"
# Limits of the process that sets one sheet: seconds by the clock and of a core each, and bytes of addresses.
SECONDS: float = 20
MEMORY = 2 * 1024**3
# So many sheets are set at once in one web process, and so many seconds the next one waits for its turn; then it is
# told to come again, so that other pages keep their threads.
AT_ONCE = threading.BoundedSemaphore(2)
PATIENCE = 1.0
# A run without a place to break, such as an address, would leave the page. The template takes each mark as a place to
# break and sets nothing for it, so that an address copied from the PDF has no character more.
LONG_RUN = re.compile(r"[^\s⺀-￿]{21,}")
BREAK_AFTER = 20
MAY_BREAK, JOINER = "\u200b", "\u200d"


class NotPrinted(Refused):
    """A sheet that could not be set now; the sentence tells the person what to do."""

    status = 503


def render_pdf(sheet: Sheet, *, printed_at: datetime) -> bytes:
    """The sheet on A4; about 0.3 s, at most `SECONDS`. Raises `NotPrinted` if it cannot be had now."""
    with _turn():
        return _set(_order(sheet, printed_at))


def _order(sheet: Sheet, printed_at: datetime) -> dict[str, Any]:
    return {
        "sheet": json.dumps(_breakable(asdict(sheet)), ensure_ascii=False),
        "timestamp": int(printed_at.timestamp()),
        "template": str(TEMPLATE),
        "root": str(TEMPLATE.parent),
        "fonts": [str(folder) for folder in font_folders()],
        "seconds": math.ceil(SECONDS),
        "memory": MEMORY,
    }


@contextmanager
def _turn() -> Iterator[None]:
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise NotPrinted(_("Other forms are being printed just now. Try again in a few seconds."))
    try:
        yield
    finally:
        AT_ONCE.release()


def _set(order: dict[str, Any]) -> bytes:
    """What the typesetter makes of the order, in a process that may fail or be killed without harm to this one."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own program, with nothing typed in the command
            [sys.executable, "-I", str(TYPESETTER)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        log.error("sheet_took_too_long", extra={"seconds": SECONDS})
        raise NotPrinted(_could_not()) from error
    except (subprocess.CalledProcessError, OSError) as error:
        # The last line names the failure; those above may quote what was typed.
        output = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().splitlines()
        log.error("sheet_not_set", extra={"status": getattr(error, "returncode", None), "kind": _kind(output)})
        raise NotPrinted(_could_not()) from error
    return done.stdout


def _kind(output: list[str]) -> str:
    return output[-1].partition(":")[0][:80] if output else ""


def _could_not() -> str:
    return _("The PDF of this form could not be made. Print the page of the form instead, and tell the administrator.")


def _breakable(value: Any) -> Any:
    match value:
        case str():
            return LONG_RUN.sub(lambda run: "".join(_with_breaks(run[0])), with_code_points(value))
        case list():
            return [_breakable(item) for item in value]
        case dict():
            return {key: _breakable(item) for key, item in value.items()}
    return value


def _with_breaks(run: str) -> Iterator[str]:
    """The run with a mark after every `BREAK_AFTER` characters at the soonest, and never within a letter."""
    since, before = 0, ""
    for sign in run:
        begins_letter = not unicodedata.category(sign).startswith("M") and JOINER not in (sign, before)
        if since >= BREAK_AFTER and begins_letter:
            yield MAY_BREAK
            since = 0
        yield sign
        since, before = since + 1, sign
