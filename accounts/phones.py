"""Phone numbers as people in China write and search them."""

from __future__ import annotations

import re
import unicodedata

_COUNTRY = re.compile(r"^(?:\+|00)86")
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_SERVICE = re.compile(r"^(400|800)(\d{3})(\d{4})$")
_LANDLINE = re.compile(r"^(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})(\d{1,6})?$")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)", re.IGNORECASE)


def normalised(text: str) -> str:
    """One way to write a number: 13800000001, 010-12345678-801, 400-123-4567, 95588.

    Takes full-width digits, spaces, brackets, dashes of any kind and +86; what is no Chinese number keeps its
    digits and dashes (and a leading +) as typed.
    """
    narrow = _EXTENSION.sub("-", unicodedata.normalize("NFKC", text).strip())
    plain = re.sub(r"[^\d+]", "", narrow)
    local = _local(plain)
    if _MOBILE.match(local):
        return local
    if found := _SERVICE.match(local):
        return "-".join(found.groups())
    if found := _LANDLINE.match(local):
        return _landline(narrow, *found.groups())
    return re.sub(r"-{2,}", "-", re.sub(r"[^\d+\-]", "", re.sub(r"[‐-―−]", "-", narrow))).strip("-")


def _local(plain: str) -> str:
    """The number as it is dialled within China; abroad the 0 of the area is left out."""
    if _MOBILE.match(plain.removeprefix("86")):
        return plain.removeprefix("86")
    local, is_abroad = _COUNTRY.subn("", plain)
    if not is_abroad or local.startswith("0") or _MOBILE.match(local) or _SERVICE.match(local):
        return local
    return f"0{local}"


def _landline(written: str, area: str, number: str, extension: str | None) -> str:
    # A dash before the last group of a written extension tells a 7-digit number from an 8-digit one.
    if grouped := re.search(r"(\d{7,8})\D+(\d{1,6})\D*$", written):
        number, extension = grouped[1], grouped[2]
    return "-".join(part for part in (area, number, extension) if part)


def digits(text: str) -> str:
    """The digits to search by: country code and all signs left out, full-width ones made narrow."""
    plain = _COUNTRY.sub("", re.sub(r"[^\d+]", "", unicodedata.normalize("NFKC", text)))
    return re.sub(r"\D", "", plain.removeprefix("86") if _MOBILE.match(plain.removeprefix("86")) else plain)


def masked(number: str) -> str:
    """A number for outsiders: the first three and last four digits, or for a landline the last four, stay."""
    kept = 3 if _MOBILE.match(number) else 0
    if len(number) < 8:
        return "*" * len(number)
    return number[:kept] + "*" * (len(number) - kept - 4) + number[-4:]
