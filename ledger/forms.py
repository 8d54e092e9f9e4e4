"""What the forms of all rooms do with versions and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import QueryDict

from ledger.exceptions import Refused, VersionMissing

MOST_DIGITS = 9


def posted_version(posted: QueryDict | Mapping[str, str]) -> int:
    """The version that the form was made on; raises `VersionMissing`."""
    version = posted.get("version", "")
    if not version.isdecimal() or len(version) > MOST_DIGITS:
        raise VersionMissing
    return int(version)


def add_errors(form: Form, refused: Refused) -> None:
    """Put the sentences of `refused` to their fields of `form`, and those of no field above it."""
    for name, sentences in refused.errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, ValidationError(str(sentence)))
    if not refused.errors:
        for reason in refused.all_reasons:
            form.add_error(None, ValidationError(str(reason.sentence)))
