"""Cuts text into the tokens that are indexed and asked for; the same on every database.

Chinese has no spaces between words, so a run of it gives each character and each overlapping pair: every word of the
text is then found, also names and cuts that no dictionary knows. Tokens hold only letters, digits and hyphens, so they
can be quoted into any query language. Tokens that begin with a hyphen are made here and cannot be typed.
"""

from __future__ import annotations

import re
from itertools import pairwise

from base import phones
from base.text import HANZI, fold

TEXT_LIMIT = 20_000
QUERY_LIMIT = 200
WORD_LIMIT = 64
GRAM = 4
# Characters of grammar and politeness: alone, or in a pair of two such, they do not say what a text is about.
_GRAMMAR = frozenset(
    "的了是在不我有人这个们到来时要就会也说和对都没你他她它把被给让用着过吗呢吧啊呀哦一二三上下里去又还再才很太能可以得地请"
    "贵司您好那哪什么怎样儿啦嘛"
)

_HANZI_RUN = re.compile(f"[{HANZI}]+")
_WORD = re.compile(rf"[^\W_{HANZI}]+(?:-[^\W_{HANZI}]+)*")
_ALPHANUMERIC_PARTS = re.compile(r"\d+|[^\W\d_]+")
_DIGITS = re.compile(r"[0-9]+(?:[ -][0-9]+)*")
_FREE_DIGITS = re.compile(rf"(?<![a-z0-9-]){_DIGITS.pattern}(?![a-z0-9-])")


def kind_token(kind: str) -> str:
    """Marks every document of a kind, so that rare kinds are found quickly among frequent ones."""
    return f"--{kind}"


def index_tokens(text: str) -> set[str]:
    """All tokens under which `text` shall be found; what lies beyond `TEXT_LIMIT` characters is not."""
    folded = fold(text[:TEXT_LIMIT])
    found: set[str] = set()
    for run in _HANZI_RUN.findall(folded):
        found.update(run)
        found.update(_pairs(run))
    for word in _WORD.findall(folded):
        found.update(_word_tokens(word))
    for digits in _DIGITS.findall(folded):
        found.update(_digit_grams(_only_digits(digits)))
    return found


def query_tokens(text: str) -> list[str]:
    """The tokens that a document must all have to contain what was typed.

    A token that ends in `*` stands for every token with that beginning. Telephone numbers match whatever their
    spacing, country code and extension, as exchanges show them, and in part. Words with a blank between need not
    stand side by side.
    """
    if called := _called(text[:QUERY_LIMIT]):
        return called
    folded = " ".join(map(fold, text[:QUERY_LIMIT].split()))
    found: list[str] = []

    def take_digits(match: re.Match[str]) -> str:
        pieces = _numbers_typed(match.group())
        found.extend(gram for piece in pieces for gram in _digit_grams(piece))
        return " ".join(piece for piece in pieces if len(piece) < GRAM)

    rest = _FREE_DIGITS.sub(take_digits, folded)
    for run in _HANZI_RUN.findall(rest):
        found.extend(_pairs(run) or [run])
    for word in _WORD.findall(rest):
        found.extend(_typed_word(word))
    return list(dict.fromkeys(found))


def subject_tokens(text: str, limit: int) -> list[str]:
    """The first tokens of `text` that say what it is about: words, and pairs of characters."""
    folded = fold(text[:TEXT_LIMIT])
    found = [word[:WORD_LIMIT] for word in _WORD.findall(folded) if len(word) > 1]
    runs = _HANZI_RUN.findall(folded)
    found += [pair for run in runs for pair in _pairs(run) if not _GRAMMAR.issuperset(pair)]
    return list(dict.fromkeys(found))[:limit]


def subject_characters(text: str, limit: int) -> list[str]:
    """The first single characters of `text` that say what it is about, as far as one character can."""
    runs = _HANZI_RUN.findall(fold(text[:TEXT_LIMIT]))
    return list(dict.fromkeys(character for run in runs for character in run if character not in _GRAMMAR))[:limit]


def _pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]


def _word_tokens(word: str) -> list[str]:
    """A hyphenated id whole, in neighbouring pairs and in parts; letters and digits of one part also apart."""
    parts = word.split("-")
    found = [word, *parts, *(f"{first}-{second}" for first, second in pairwise(parts))]
    found += [piece for part in parts for piece in _ALPHANUMERIC_PARTS.findall(part)]
    return [token[:WORD_LIMIT] for token in found]


def _typed_word(word: str) -> list[str]:
    """Complete parts exactly, the last one as a beginning, since the typist may not have finished it."""
    parts = word.split("-")
    wanted = [f"{first}-{second}" for first, second in pairwise(parts)] or parts
    last = wanted.pop()[:WORD_LIMIT]
    return [token[:WORD_LIMIT] for token in wanted] + [f"{last}*" if len(last) > 1 else last]


def _only_digits(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def _digit_grams(digits: str) -> list[str]:
    return [f"-{digits[start : start + GRAM]}" for start in range(len(digits) - GRAM + 1)]


def _called(text: str) -> list[str]:
    """The tokens of telephone numbers alone, whatever stands before and behind them; none for anything else."""
    numbers = phones.numbers(text) if phones.is_number(text) else []
    if not any(len(number) >= phones.COMPLETE for number in numbers):
        return []
    return list(dict.fromkeys(gram for number in numbers for gram in _digit_grams(number)))


def _numbers_typed(text: str) -> list[str]:
    """One number if it is short enough to be a telephone number, else the separate ones."""
    joined = _only_digits(text)
    return re.split("[ -]", text) if len(joined) > phones.LONGEST else [phones.core(joined)]
