"""Names come out harmless, whatever they were."""

from __future__ import annotations

import pytest

from files.names import clean_name, extension


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("盖章确认函.pdf", "盖章确认函.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a\\scan.PDF", "scan.PDF"),
        ("re\u0301sume\u0301.pdf", "résumé.pdf"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("zero\u200bwidth\ufeff.csv", "zerowidth.csv"),
        ("  dots. . ", "dots"),
        ("folder/", ""),
        ("\ud800.txt", "txt"),
    ],
)
def test_a_name_is_made_harmless(given, clean):
    assert clean_name(given) == clean


def test_a_long_name_keeps_its_ending():
    assert clean_name("长" * 300 + ".pdf") == "长" * 116 + ".pdf"
    assert len(clean_name("a." + "b" * 300)) == 120


def test_a_separator_does_not_hide_behind_an_unseen_character():
    assert clean_name("a.\u200b/\u202e/b.pdf") == "b.pdf"


def test_the_extension_is_what_follows_the_last_dot():
    assert extension("a.pdf.EXE") == "exe"
    assert extension("none") == ""
