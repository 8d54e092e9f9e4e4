"""One call under one key: what comes twice is registered once, and what is another call is refused, not swallowed."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from typing import Any

from django.db.models import CharField
from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.compiled import CompiledRecords, Parameter
from files.storage import digest_of
from incidents.actions.calls import Call, draft
from incidents.models import Alarm, Attachment, Declaration
from ledger.canonical import canonical, digest, field_values
from ledger.exceptions import Invalid
from ledger.queries import content, history

KEY = "Idempotency-Key"
CALLED = tuple(entry.name for entry in fields(Call) if entry.name != "attachments")

_KEY = Parameter("key", CharField())
_CALLS = CompiledRecords(lambda: Declaration.objects.filter(idempotency_key=_KEY))
_ALARMS = CompiledRecords(lambda: Alarm.objects.filter(idempotency_key=_KEY).select_related("declaration"))


def key_of(actor: Actor, idempotency_key: str | None) -> str | None:
    """Everybody's keys are their own: two programs that count from 1 do not get each other's declarations."""
    if idempotency_key is None:
        return None
    return sha256(f"{actor.signature().key} {idempotency_key}".encode()).hexdigest()


def registered(key: str | None, call: Call, actor: Actor, *, answered_live: bool = False) -> Declaration | None:
    """The declaration that this key has made, marked as a repeat; raises Invalid if another call made it."""
    if not key:
        return None
    earlier = _CALLS.first(key=key)
    same = earlier is not None and _made_by(earlier, call, actor, answered_live)
    if earlier is None:
        alarm = _ALARMS.first(key=key)
        if alarm is None:
            return None
        earlier, same = alarm.declaration, alarm.call_digest == digest_of_call(call, actor, answered_live=answered_live)
    if not same:
        sentence = _(
            "This was sent before with other content, as %(number)s. To register it as another call, send it again "
            "(programs: under a new key)."
        )
        raise Invalid(errors={KEY: [sentence % {"number": earlier.number}]})
    earlier.is_repeat = True
    return earlier


def digest_of_call(call: Call, actor: Actor, *, answered_live: bool) -> str:
    """All that was given with a call, its files included, as one digest."""
    columns = field_values(draft(call, actor))
    return digest(canonical([{name: columns[name] for name in CALLED}, answered_live, _digests(call)]))


def _digests(call: Call) -> list[str]:
    return sorted(digest_of(upload.content) for upload in call.attachments)


def _made_by(earlier: Declaration, call: Call, actor: Actor, answered_live: bool) -> bool:
    """Whether it was registered with just this, whatever has been corrected in it since: its first entry tells."""
    payload = content(history(earlier.stream)[0])
    if not payload:  # disposed of
        return True
    begun = {name: after for name, (_before, after) in payload["fields"].items()}
    columns = field_values(draft(call, actor))
    return (
        # A column that is younger than the entry was empty then.
        all(begun.get(name, "") == columns[name] for name in CALLED)
        and answered_live == (begun["first_response_at"] is not None)
        and _files_of(payload["rows"]) == _digests(call)
    )


def _files_of(rows: list[dict[str, Any]]) -> list[str]:
    attached = [row["fields"] for row in rows if row["model"] == Attachment._meta.label_lower]
    return sorted(found["file"][1] for found in attached)
