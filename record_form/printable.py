"""Typed text without what paper cannot carry."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from base.text import TURNING

KEPT_CONTROLS = "\n\t"
# Combining marks that a letter keeps on paper.
MARKS = 4
# Controls, surrogates, private use and what turns the direction of writing: none of it prints, some of it deceives.
UNPRINTABLE = ("Cc", "Cs", "Co", "Cn")


def clean(typed: str) -> str:
    """The text without what cannot be printed or turns the direction of writing; line ends are kept as one sign.

    A letter keeps its first `MARKS` combining marks: no script needs more, and a heap of them covers other lines.
    """
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_without_heaps(sign for sign in lines if sign in KEPT_CONTROLS or _prints(sign)))


def _without_heaps(signs: Iterable[str]) -> Iterator[str]:
    marks = 0
    for sign in signs:
        category = unicodedata.category(sign)
        # What is not seen, such as a joiner, begins no new letter.
        marks = marks + 1 if category.startswith("M") else marks if category == "Cf" else 0
        if marks <= MARKS or category == "Cf":
            yield sign


def _prints(sign: str) -> bool:
    return sign not in TURNING and unicodedata.category(sign) not in UNPRINTABLE
