"""Words that a file may hold in either language, whatever language its reader has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from base.text import fold

LANGUAGES = ("zh-hans", "en")
YES_NO: Mapping[str, Promise] = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
ALSO = {"true": "yes", "1": "yes", "y": "yes", "√": "yes", "✓": "yes", "false": "no", "0": "no", "n": "no", "×": "no"}


@lru_cache(maxsize=256)
def meant(choices: tuple[tuple[str, Promise | str], ...]) -> Mapping[str, str]:
    """Every word for each choice, folded."""
    words = {word: code for code, label in choices for word in in_both(label)}
    return words | {fold(code): code for code, _label in choices}


def in_both(label: Promise | str) -> frozenset[str]:
    """What it is called in both languages, folded."""
    found = set()
    for language in LANGUAGES:
        with override(language):
            found.add(fold(str(label)))
    return frozenset(found)
