"""Finds in the owner's own file the words that belong to the clauses, terms and scales of a version."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Place = tuple[str, str]
COVER = "DC"
_HEADING = re.compile(r"^(\d+(?:\.\d+)*)[.、]?\s+(\S.{0,38})$")
_TERM = re.compile(r"^([^：:]{1,20})[：:]\s*(\S.*)$")
TERMS_CLAUSE = "3"
# What no reader sees; page breaks and the like are ends of lines.
_UNSEEN = re.compile(r"[\x01-\x08\x0e-\x1b\x1f\x7f]")


class NoText(ValueError):
    """A file that is no plain text in UTF-8, UTF-16 or GB18030."""


def plain_text(content: bytes) -> str:
    """The text of a file in UTF-16 if it has its mark, in UTF-8, or else in GB18030; raises `NoText`.

    Control characters, as Word leaves them in for soft hyphens and cells, are left out.
    """
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return _UNSEEN.sub("", text)
    raise NoText


@dataclass(frozen=True)
class Wanted:
    """What the version has: clause titles by number, term identifiers by term, scale keys by name."""

    clauses: Mapping[str, str]
    terms: Mapping[str, str]
    grades: Mapping[str, str]


@dataclass
class Found:
    """Words by place; places without words of their own; places that the file lacks; lines that fit nowhere."""

    texts: dict[Place, str] = field(default_factory=dict)
    empty: list[Place] = field(default_factory=list)
    missing: list[Place] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


def places(text: str, wanted: Wanted) -> Found:
    """The words of each place. What stands before the first clause belongs to the cover (clause DC)."""
    found = Found()
    sections = _sections(text, wanted, found)
    for number, lines in sections.items():
        _put(found, ("clause", number), "\n".join(lines).strip())
    for term, words in _terms(sections.get(TERMS_CLAUSE, [])):
        if term in wanted.terms:
            _put(found, ("definition", wanted.terms[term]), words)
        else:
            found.unplaced.append(term)
    for name, words in _table_rows(text):
        if name in wanted.grades:
            _put(found, ("scale", wanted.grades[name]), words)
    found.missing = [place for place in _all(wanted) if place not in found.texts and place not in found.empty]
    return found


def _put(found: Found, place: Place, words: str) -> None:
    if words:
        found.texts.setdefault(place, words)
    else:
        found.empty.append(place)


def _sections(text: str, wanted: Wanted, found: Found) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {COVER: []}
    current = sections[COVER]
    for line in text.splitlines():
        heading = _HEADING.match(unicodedata.normalize("NFKC", line).strip())
        if heading and _same(wanted.clauses.get(heading[1], ""), heading[2]):
            current = sections.setdefault(heading[1], [])
        elif line.strip():
            if heading:
                found.unplaced.append(line.strip())
            current.append(line.rstrip())
    return sections


def _terms(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if match := _TERM.match(line.strip()):
            yield match[1].strip(), match[2].strip()


def _table_rows(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        cells = line.split("\t")
        if len(cells) == 2 and cells[1].strip():
            yield cells[0].strip(), cells[1].strip()


def _same(one: str, other: str) -> bool:
    return bool(one) and re.sub(r"\s", "", one) == re.sub(r"\s", "", other)


def _all(wanted: Wanted) -> list[Place]:
    return [
        *(("clause", number) for number in wanted.clauses),
        *(("definition", identifier) for identifier in wanted.terms.values()),
        *(("scale", key) for key in wanted.grades.values()),
    ]
