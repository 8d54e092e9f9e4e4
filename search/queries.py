"""Asks the index. Whoever asks narrows the answer to what the reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from math import log
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from search import tokens
from search.models import Document

COMMON = 1000
CANDIDATES = 400
SUBJECT_TOKENS = 64
TITLE_BONUS = 0.5
CHARACTER_WEIGHT = 0.5


def matching(kind: str, text: str) -> RawSQL | None:
    """The keys of the documents that contain all of `text`, for `filter(pk__in=…)`; None if it holds no word.

    One pass over the full-text index, as long as the rarest of the words has documents.
    """
    wanted = tokens.query_tokens(text)
    if not wanted:
        return None
    if connection.vendor == "sqlite":
        # CROSS JOIN keeps SQLite from asking the index once for each document.
        sql = (
            "SELECT document.key FROM search_index CROSS JOIN search_document document "
            "ON document.id = search_index.rowid WHERE search_index MATCH %s"
        )
    else:
        sql = "SELECT key FROM search_document WHERE vector @@ %s::tsquery"
    return RawSQL(sql, [_all_of(kind, wanted)])  # noqa: S611 constants and parameters


def like(
    kind: str,
    text: str,
    *,
    limit: int,
    exclude: Collection[int] = (),
    keys: QuerySet[Any] | Iterable[int] | None = None,
) -> list[tuple[int, float]]:
    """The documents that `text` resembles most, as (key, score), best first; only those among `keys` if given.

    Two statements of bounded cost: at most `COMMON` ids a token, then `CANDIDATES` short rows. A token with more
    documents than that says too little to be counted.
    """
    holders, size = _holders(kind, tokens.subject_tokens(text, SUBJECT_TOKENS))
    shares: defaultdict[int, dict[str, float]] = defaultdict(dict)
    for token, ids in holders.items():
        for document in ids:
            shares[document][token] = _weight(token, len(ids), size)
    best = sorted(shares, key=lambda document: -sum(shares[document].values()))[:CANDIDATES]
    rows = Document.objects.filter(pk__in=best).exclude(key__in=exclude)
    if keys is not None:
        rows = rows.filter(key__in=keys)
    columns = rows.values_list("pk", "key", "title_tokens", "at")
    found = [(_score(shares[pk], title), at, key) for pk, key, title, at in columns]
    return [(key, score) for score, _, key in sorted(found, key=_best_first)[:limit]]


def _best_first(found: tuple[float, datetime, int]) -> tuple[float, float, int]:
    score, at, key = found
    return -score, -at.timestamp(), -key


def _score(shares: dict[str, float], title: str) -> float:
    in_title = shares.keys() & set(title.split(" "))
    return sum(shares.values()) + TITLE_BONUS * sum(shares[token] for token in in_title)


def _weight(token: str, holders: int, size: int) -> float:
    """How much a shared token says: the rarer the more, and a pair more than a single character."""
    rarity = log(1 + (size - holders + 0.5) / (holders + 0.5))
    return rarity * CHARACTER_WEIGHT if len(token) == 1 else rarity


def _holders(kind: str, subject: list[str]) -> tuple[dict[str, list[int]], int]:
    """The documents of each token that is not common, and the number of documents of the kind up to `COMMON`."""
    if not subject:
        return {}, 0
    if connection.vendor == "sqlite":
        ids = "SELECT rowid AS id FROM search_index WHERE search_index MATCH %s"
    else:
        ids = "SELECT id FROM search_document WHERE vector @@ %s::tsquery"
    branch = f"SELECT %s AS position, id FROM ({ids} LIMIT {COMMON}) AS holder"  # noqa: S608 constants
    asked = [[], *([token] for token in subject)]
    parameters = [value for position, wanted in enumerate(asked) for value in (position, _all_of(kind, wanted))]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([branch] * len(asked)), parameters)
        for position, document in cursor.fetchall():
            holders[position].append(document)
    rare = {token: holders[n] for n, token in enumerate(subject, 1) if 0 < len(holders[n]) < COMMON}
    return rare, len(holders[0])


def _all_of(kind: str, wanted: Iterable[str]) -> str:
    """The query in the language of the database; tokens hold no quotes, and `*` only at their end."""
    quote, conjunction, prefix = ('"', " AND ", "*") if connection.vendor == "sqlite" else ("'", " & ", ":*")
    return conjunction.join(
        f"{quote}{token.removesuffix('*')}{quote}{prefix if token.endswith('*') else ''}"
        for token in [tokens.kind_token(kind), *wanted]
    )
