"""By which Latin letters a Chinese name is found: its syllables, and the first letter of each."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import islice, product

# Names are no phrases, and the table of these would take 45 MB of every process. It is read when the module is.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "yes")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "yes")

from pypinyin import Style, pinyin

# A family name may be read in several ways (曾, 单, 解); a name of many such signs is told by its first readings.
MOST_READINGS = 12
LONGEST = 12


@lru_cache(maxsize=4096)
def letters_of(name: str) -> str:
    """All readings of the name in small Latin letters, apart by blanks: "chenyuan cya" for 陈予安; the first is usual.

    What is no Chinese stays as it is. Bounded, whatever somebody is called.
    """
    readings = pinyin(name[:LONGEST], style=Style.NORMAL, heteronym=True)
    found: dict[str, None] = {}
    for syllables in islice(product(*readings), MOST_READINGS):
        plain = [syllable.lower().replace(" ", "") for syllable in syllables]
        found[("".join(plain))] = None
        found["".join(syllable[:1] for syllable in plain)] = None
    return " ".join(found)
