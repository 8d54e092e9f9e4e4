"""What the fonts lack is spelt out, on every machine alike."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ledger.models import Entry
from record_form import glyphs
from record_form.glyphs import missing, with_code_points
from tests.firm import LIU_DESK, ZHENG_CUSTODIAN, person, sign_in
from tests.scenes import Scene


@pytest.mark.parametrize("text", ["业务量积压，“客户”（一）㎡ Ω é — 2026", "a\u200db\ufe0f\n\t\u00a0", ""])
def test_ordinary_text_prints_as_it_is(text):
    assert missing(text) == []
    assert with_code_points(text) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("客户\U00020bb7野家", "客户〔U+20BB7〕野家"),
        ("\U00020bb7\U0002a6a5", "〔U+20BB7 U+2A6A5〕"),
        ("好\U0001f600\ufe0f。", "好〔U+1F600〕。"),
        ("[\U00020bb7]^-", "[〔U+20BB7〕]^-"),
    ],
)
def test_what_no_font_has_is_printed_by_its_number(text, printed):
    assert with_code_points(text) == printed


def test_a_long_run_is_spelt_out_in_its_beginning():
    assert with_code_points("\U00020bb7" * 20_000) == "〔" + " ".join(["U+20BB7"] * glyphs.MOST_SPELT) + " …〕"


def test_a_font_that_the_firm_adds_is_counted(settings, tmp_path, monkeypatch):
    added = tmp_path / "ext-b.ttf"
    added.touch()
    monkeypatch.setattr(glyphs, "_fonts", lambda path: [_Font()] if path == added else [])
    settings.FORM_FONT_FOLDERS = [str(tmp_path)]
    assert missing("\U00020bb7") == []


class _Font:
    def getBestCmap(self) -> dict[int, str]:
        return {0x20BB7: "u20BB7"}


@pytest.mark.django_db
def test_the_custodian_is_told_on_the_form_and_before_filing(monday, client, monkeypatch):
    declaration = Scene().closed()
    monkeypatch.setattr(glyphs, "_covered", lambda folders: frozenset(range(0x30000)) - {ord("装")})
    sign_in(client, person(ZHENG_CUSTODIAN))
    for name in ("record-form", "filing-record"):
        assert "U+88C5" in client.get(reverse(name, args=[declaration.number])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("header", [{"Sec-Purpose": "prefetch;prerender"}, {"X-Moz": "prefetch"}])
@pytest.mark.parametrize("name", ["record-form", "record-form-pdf"])
def test_a_fetch_ahead_of_time_is_no_print(monday, client, name, header):
    declaration = Scene().accepted()
    sign_in(client, person(LIU_DESK))
    answer = client.get(reverse(name, args=[declaration.number]), headers=header)
    assert answer.status_code == 503
    assert client.head(reverse(name, args=[declaration.number])).status_code == 405
    assert not Entry.objects.filter(stream=f"prints:{declaration.number}").exists()
