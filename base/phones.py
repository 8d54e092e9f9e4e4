"""Phone numbers as people in China write and search them, and as exchanges show them."""

from __future__ import annotations

import re
import unicodedata

FEWEST_DIGITS = 3
# A number of this many digits is complete enough to be meant even where words stand around it.
COMPLETE = 7
LONGEST = 15

_MOBILE = re.compile(r"1[3-9]\d{9}")
_SERVICE = re.compile(r"(400|800)(\d{3})(\d{4})")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})(\d{1,6})?")
_DASH = re.compile("[‐-―−]")
_EXTENSION = re.compile(r"转|分机|ext\.?|x|#", re.IGNORECASE)
_WITH_EXTENSION = re.compile(rf"(?:{_EXTENSION.pattern})\s*\d+", re.IGNORECASE)
_ONE_NUMBER = re.compile(rf"\+?[\d\s().-]+(?:{_WITH_EXTENSION.pattern})?", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d(?:[\s().-]*\d)*")


def normalised(text: str) -> str:
    """One way to write one number: 13800000001, 010-12345678-801, 400-123-4567, 95588.

    Takes full-width digits, spaces, brackets, dashes of any kind, +86 and what an exchange puts before a number.
    Whatever is not one number (two of them, words beside it, a name) stays as it was written.
    """
    written = text.strip()
    plain = _plain(written)
    if not _ONE_NUMBER.fullmatch(plain):
        return written
    spaced = _EXTENSION.sub("-", plain)
    number = re.sub(r"[^\d+]", "", spaced)
    local = _local(number)
    if _MOBILE.fullmatch(local):
        return local
    if found := _SERVICE.fullmatch(local):
        return "-".join(found.groups())
    if found := _LANDLINE.fullmatch(local):
        return _landline(spaced, *found.groups())
    return _dashed(spaced) if len(number) <= LONGEST else written


def numbers(text: str) -> list[str]:
    """The numbers in what somebody typed or an exchange showed, as the digits that all ways of writing them share.

    Country code, the 0 that an exchange puts before a mobile number or an area, a prefix for outside lines and a
    written extension are left out, so that each is a part of the number as it is kept. Beside words only complete
    numbers count, else those of `FEWEST_DIGITS` and more.
    """
    fewest = FEWEST_DIGITS if is_number(text) else COMPLETE
    found = [core(re.sub(r"[^\d+]", "", piece)) for piece in _pieces(text)]
    return list(dict.fromkeys(digits for digits in found if len(digits) >= fewest))


def core(number: str) -> str:
    """The digits of one number without country code and trunk 0; a part of a number stays as it was typed."""
    local = _local(number).lstrip("+")
    if found := _LANDLINE.fullmatch(local):
        return f"{found[1][1:]}{found[2]}{found[3] or ''}"
    return local


def candidates(text: str) -> list[str]:
    """How the number that was typed or shown may be kept: as it stands, and each without its extension."""
    return list(dict.fromkeys(normalised(each) for each in [text, *_pieces(text)]))


def is_number(text: str) -> bool:
    """Whether there are digits and no words but that of an extension."""
    rest = _WITH_EXTENSION.sub("", _plain(text))
    return any(map(str.isdigit, rest)) and not any(map(str.isalpha, rest))


def is_one_number(text: str) -> bool:
    """Whether the text is one number of `FEWEST_DIGITS` and more, and nothing else."""
    plain = _plain(text)
    digits = sum(map(str.isdigit, _WITH_EXTENSION.sub("", plain)))
    return FEWEST_DIGITS <= digits <= LONGEST and _ONE_NUMBER.fullmatch(plain) is not None


def is_mobile(number: str) -> bool:
    """Whether a number as `normalised` writes it is a mobile's."""
    return _MOBILE.fullmatch(number) is not None


def masked(number: str) -> str:
    """A number for outsiders: the first three and last four digits, or for a landline the last four, stay."""
    visible = 3 if _MOBILE.fullmatch(number) else 0
    if len(number) < 8:
        return "*" * len(number)
    return number[:visible] + "*" * (len(number) - visible - 4) + number[-4:]


def _plain(text: str) -> str:
    """Full-width signs made narrow, dashes one sign, signs that are not seen left out."""
    narrow = _DASH.sub("-", unicodedata.normalize("NFKC", text).strip())
    return "".join(sign for sign in narrow if unicodedata.category(sign) != "Cf")


def _pieces(text: str) -> list[str]:
    """The runs of digits that may each be one number: what is too long for one is several with blanks between."""
    found: list[str] = []
    for run in _NUMBER.findall(_WITH_EXTENSION.sub("", _plain(text))):
        found += [run] if len(re.sub(r"\D", "", run)) <= LONGEST else run.split()
    return found


def _local(number: str) -> str:
    """The number as it is dialled within China: an area with its 0, a mobile number without one."""
    abroad = re.sub(r"^(?:\+|00)86", "", number)
    if abroad == number and re.fullmatch(r"86(?:1[3-9]\d{9}|(?:10|2\d|[3-9]\d{2})\d{7,8})", number):
        abroad = number[2:]
    if re.match(r"01[3-9]", abroad):
        return abroad[1:]
    if abroad == number or abroad.startswith("0") or len(abroad) < COMPLETE:
        return abroad
    return abroad if _MOBILE.fullmatch(abroad) or _SERVICE.fullmatch(abroad) else f"0{abroad}"


def _landline(written: str, area: str, number: str, extension: str | None) -> str:
    # A dash before the last group of a written extension tells a 7-digit number from an 8-digit one.
    if grouped := re.search(r"(\d{7,8})\D+(\d{1,6})\D*$", written):
        number, extension = grouped[1], grouped[2]
    return "-".join(part for part in (area, number, extension) if part)


def _dashed(spaced: str) -> str:
    """What is no Chinese number keeps its digits and dashes, and a leading +."""
    return re.sub(r"-{2,}", "-", re.sub(r"[^\d+\-]", "", spaced)).strip("-")
