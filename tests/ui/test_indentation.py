"""Pages are sent without the indentation of their files."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from ui.indentation import tightened

TEMPLATES = sorted(path for name in ("templates", "jinja") for path in Path(settings.BASE_DIR, name).rglob("*.html"))


def test_a_line_end_with_what_stands_round_it_becomes_one_line_end() -> None:
    assert tightened("<p>\n    One\n\n    two  three\n</p>\n") == "<p>\nOne\ntwo  three\n</p>\n"


@pytest.mark.parametrize(
    "kept",
    [
        "<pre>\n  a\n  b\n</pre>",
        "<textarea>\n  a\n</textarea>",
        "{% blocktranslate with a=b %}\n  One\n  two\n{% endblocktranslate %}",
    ],
)
def test_what_must_stay_as_written_stays(kept: str) -> None:
    assert tightened(f"<p>\n  {kept}\n  </p>") == f"<p>\n{kept}\n</p>"


def test_nothing_but_white_space_is_taken_from_any_page() -> None:
    for path in TEMPLATES:
        written = path.read_text()
        assert "".join(tightened(written).split()) == "".join(written.split()), path


def test_pages_are_read_by_it() -> None:
    written = Path(settings.BASE_DIR, "templates", "components/bottom_bar.html").read_text()
    assert get_template("components/bottom_bar.html").template.source == tightened(written) != written
