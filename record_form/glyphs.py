"""Which characters the form can print. A box in place of a name proves nothing, so the rest are spelt out by number."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont

# How many characters of one run are spelt out; the whole text stands in the record.
MOST_SPELT = 20
# Not seen, so nothing is missing: format characters, blanks, line ends, and what chooses the variant of a glyph.
UNSEEN = ("Cf", "Zs", "Zl", "Zp", "Cc")
VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def font_folders() -> list[Path]:
    """The fonts that come with the desk, and those that the firm adds for names in further scripts."""
    return [Path(pylopdf_fonts_zh_cn.__file__).parent, *map(Path, settings.FORM_FONT_FOLDERS)]


def missing(text: str) -> list[str]:
    """The characters of the text that no font of the form has, each once, in order."""
    covered = _covered(tuple(font_folders()))
    return [sign for sign in dict.fromkeys(VARIANTS.sub("", text)) if not _prints(sign, covered)]


def with_code_points(text: str) -> str:
    """The text as it prints: a run without glyphs by its numbers, 〔U+20BB7〕, everything else as it is."""
    absent = missing(text)
    if not absent:
        return text
    run = re.compile(f"[{''.join(map(re.escape, absent))}]+")
    return run.sub(lambda found: f"〔{code_points(found[0])}〕", VARIANTS.sub("", text))


def code_points(signs: str) -> str:
    """U+20BB7 U+2A6A5, and … where more follow."""
    return " ".join(f"U+{ord(sign):04X}" for sign in signs[:MOST_SPELT]) + (" …" if len(signs) > MOST_SPELT else "")


def _prints(sign: str, covered: frozenset[int]) -> bool:
    return ord(sign) in covered or unicodedata.category(sign) in UNSEEN


@cache
def _covered(folders: tuple[Path, ...]) -> frozenset[int]:
    """All characters for which one of the fonts has a glyph; about a second, once a process."""
    found: set[int] = set()
    for path in (path for folder in folders for path in sorted(folder.rglob("*"))):
        if path.suffix.lower() in (".otf", ".ttf", ".ttc", ".otc"):
            for font in _fonts(path):
                found.update(font.getBestCmap() or ())
    return frozenset(found)


def _fonts(path: Path) -> list[TTFont]:
    if path.suffix.lower() in (".ttc", ".otc"):
        return list(TTCollection(path, lazy=True).fonts)
    return [TTFont(path, lazy=True)]
