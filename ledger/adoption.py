"""Entries that a migration writes, for rows that were there before chains told of their kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from base.clock import now
from ledger.actions.chains import Act, compose
from ledger.canonical import Json, plain
from ledger.queries import Head, heads
from ledger.signature import Signature

MIGRATE = Signature(kind="system", key="system", name="migrate")


def told(label: str, key: object, **values: object) -> dict[str, Json]:
    """How a payload tells of a row that is there already."""
    return {"model": label, "pk": plain(key), "fields": {name: [None, plain(value)] for name, value in values.items()}}


def adopt(apps: Any, rows: Mapping[str, Sequence[Mapping[str, Json]]], *, action: str) -> None:
    """Append one entry to each chain that has begun, telling of its rows. `apps` are those of the migration."""
    last = heads(rows)
    acts = [Act(stream, action, "", {"rows": some, "facts": {}}) for stream, some in rows.items() if stream in last]
    _write(apps, acts, last)


def begin(apps: Any, acts: Sequence[Act]) -> None:
    """Write the first entry of each of these chains, of records that the migration has made."""
    _write(apps, acts, {})


def _write(apps: Any, acts: Sequence[Act], last: Mapping[str, Head]) -> None:
    entry, payload, unsealed = (apps.get_model("ledger", name) for name in ("Entry", "Payload", "Unsealed"))
    at = now()
    composed = [compose(last.get(act.stream), act, MIGRATE, at) for act in acts]
    made: list[Model] = entry.objects.bulk_create([entry(**one.columns) for one in composed], batch_size=500)
    beside = zip(made, composed, strict=True)
    payload.objects.bulk_create(
        [payload(entry_id=new.pk, salt=one.salt, content=one.content) for new, one in beside], batch_size=500
    )
    unsealed.objects.bulk_create([unsealed(entry_id=new.pk) for new in made], batch_size=500)
