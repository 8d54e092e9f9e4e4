"""Texts of a record as expressions of SQL, in which keys, numbers, times and digests are those of a copy.

In the SQL made here `c` is the row of the copy: `c.g` its number, `c.shift` how much later (or earlier) everything
happens, `c.number` the number of its record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.apps import apps
from django.db import models

from ledger.canonical import canonical
from ledger.models import Record

Model: TypeAlias = type[models.Model]
# A copy's keys lie so far behind those of the copy before.
STRIDE = 10_000
# A key that stands for a number of JSON, and a time that belongs to what is not copied.
KEY, FIXED = "\ue000%d\ue001", "\ue002"
TIME = re.compile('(?<=")[0-9]{4}-[0-9]{2}-[0-9]{2}T')
HOLE = re.compile(
    '"\ue000(?P<key>[0-9]+)\ue001"'
    "|(?P<time>(?<!\ue002)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:[.][0-9]{6})?[+][0-9]{2}:[0-9]{2})"
    "|(?P<digest>(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f]))"
    "|(?P<number>(?:SD|WT)-[0-9]{8}-[0-9]{3,})"
    "|(?P<low>sd-[0-9]{8}-[0-9]{3,})"
    "|(?P<kind>[a-z_]+):(?P<own>[0-9]+)"
)
KINDS = {
    **{model._meta.model_name: model for model in apps.get_models() if model._meta.app_label != "sla"},
    **{model.stream_kind: model for model in apps.get_models() if issubclass(model, Record)},
}


@dataclass(frozen=True)
class Copying:
    """What is copied: the keys by model, the numbers of the record and its problem, and digests that are made anew."""

    own: Mapping[Model, Collection[int]]
    numbers: Collection[str]
    digests: Collection[str]

    def text(self, value: str) -> str:
        """The expression of any text."""
        parts, end = [], 0
        for found in HOLE.finditer(value):
            if hole := self._hole(found):
                parts += [quoted(value[end : found.start()]), hole]
                end = found.end()
        parts.append(quoted(value[end:]))
        return f"concat({', '.join(parts)})" if len(parts) > 1 else parts[0]

    def payload(self, content: str) -> str:
        """The expression of the payload of an entry, of which the keys are numbers."""
        payload = json.loads(content)
        for row in (payload, *payload.get("rows", ())):
            if "model" in row:
                self._open(row)
        return self.text(canonical(payload)).replace(FIXED, "")

    def _hole(self, found: re.Match[str]) -> str:
        value = found.group()
        match found.lastgroup:
            case "key":
                return moved(int(found["key"])) + "::text"
            case "time":
                return time(value)
            case "digest" if value in self.digests:
                return digest_of(value)
            case "number" if value in self.numbers:
                return f"concat('{value[:2]}', substr(c.number, 3))"
            case "low" if value.upper() in self.numbers:
                return "lower(c.number)"
            case "own" if int(found["own"]) in self.own.get(KINDS.get(found["kind"], Record), ()):
                return f"concat('{found['kind']}:', {moved(int(found['own']))})"
        return ""

    def _open(self, row: dict[str, Any]) -> None:
        kind = apps.get_model(row["model"])
        if row["pk"] not in self.own.get(kind, ()):
            row["fields"] = json.loads(TIME.sub(FIXED + r"\g<0>", json.dumps(row["fields"])))
            return
        row["pk"] = KEY % row["pk"]
        for name, pair in row["fields"].items():
            related = kind._meta.get_field(name).related_model
            row["fields"][name] = [KEY % value if value in self.own.get(related, ()) else value for value in pair]


def quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def moved(key: int) -> str:
    return f"({key} + c.g * {STRIDE})"


def time(value: str) -> str:
    """As it is written, with or without microseconds, in the zone in which it is written."""
    zone = datetime.fromisoformat(value).utcoffset()
    form = 'YYYY-MM-DD"T"HH24:MI:SS' + (".US" if "." in value else "")
    return f"concat(to_char(timestamptz '{value}' AT TIME ZONE interval '{zone}' + c.shift, '{form}'), '{value[-6:]}')"


def digest_of(value: str) -> str:
    return f"(SELECT d.made FROM digests AS d WHERE d.was = '{value}' AND d.g = c.g)"
