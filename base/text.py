"""The one form in which texts and names are compared; what is stored and shown stays as it was written."""

from __future__ import annotations

import re
import unicodedata

from opencc import OpenCC

HANZI = (
    "\u3005\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)

# What turns the direction of writing.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ISOLATED = "\u2068{}\u2069"

# Accents on letters, and the signs that choose a variant of a glyph.
_MARKS = "\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef"
# The dots between the parts of a name, as keyboards, mail programs and scanners write them.
_DOTS = "\u00b7\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb"
_LEFT_OUT = re.compile(f"[{_MARKS}]")
_DOT = re.compile(f"[{_DOTS}]")
_BETWEEN_HANZI = re.compile(rf"(?<=[{HANZI}])[\s.{_DOTS}]+(?=[{HANZI}])")
_OPENCC = OpenCC("t2s")


class _Folded(dict[int, str | None]):
    """What each character becomes. One by one: a phrase would be simplified otherwise than the words it is cut into."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        folded = None if unicodedata.category(character) == "Cf" else str(_OPENCC.convert(character))
        self[code] = folded
        return folded


_FOLDED = _Folded()


def alone(text: str) -> str:
    """The text, so that a sign in it which turns the direction of writing turns nothing beside it; line by line."""
    if TURNING.isdisjoint(text):
        return text
    return "\n".join(_ISOLATED.format(line) if line else "" for line in text.split("\n"))


def side_by_side(*parts: str) -> str:
    """Those that are not empty, with a dot between, each `alone`."""
    return " · ".join(alone(part) for part in parts if part)


def fold(text: str) -> str:
    """The text as look-up, index and query compare it; folding twice changes nothing more.

    Full-width and compatibility forms are made plain, letters small and without accents, Chinese characters simplified;
    signs that are not seen (zero width, soft hyphen, direction) are left out. Chinese stands without blanks, line ends
    or dots inside: 买买提·吐尔逊 is 买买提吐尔逊, and a word that a mail program wrapped is one word.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    small = unicodedata.normalize("NFC", _LEFT_OUT.sub("", plain)).translate(_FOLDED)
    return _DOT.sub(" ", _BETWEEN_HANZI.sub("", small))
