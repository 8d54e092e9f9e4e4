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

COMMON = 300
CANDIDATES = 400
SUBJECT_TOKENS = 64
WHOLE = ""
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


def gathering(kind: str, text: str, most: int) -> tuple[str, tuple[Any, ...]]:
    """A query in PostgreSQL's SQL for the keys of up to `most` documents that contain `text`, in no order.

    By the full-text index, which first finds all that match: for a word in every tenth document it takes long.
    """
    return "SELECT search_gathered(%s::tsquery, %s)", (_all_of(kind, tokens.query_tokens(text)), most)


def containing(kind: str, text: str) -> tuple[str, tuple[str, ...]] | None:
    """A condition in PostgreSQL's SQL on one document, whose key is `{row}`: that it contains all of `text`.

    Asked of row after row, by `search_document_once`: for a word that nearly every document has. None without a word.
    """
    wanted = tokens.query_tokens(text)
    if not wanted:
        return None
    sql = "(SELECT vector @@ %s::tsquery FROM search_document WHERE kind = %s AND key = {row})"
    return sql, (_all_of(kind, wanted), kind)


def like(
    kind: str,
    text: str,
    *,
    limit: int,
    exclude: Collection[int] = (),
    keys: QuerySet[Any] | Iterable[int] | None = None,
    is_frequent: bool = False,
) -> list[tuple[int, float]]:
    """The documents that `text` resembles most, as (key, score), best first; only those among `keys` if given.

    Two statements of bounded cost, three where the kind has few documents: at most `COMMON` ids a token, then
    `CANDIDATES` short rows. A token with more documents than that says too little to be counted beside rarer ones.
    Where a good part of all documents are of this kind, `is_frequent` spares PostgreSQL to go through these.
    """
    holders = _holders(kind, text, is_frequent)
    size = len(holders.pop(WHOLE))
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


def _holders(kind: str, text: str, is_frequent: bool) -> dict[str, list[int]]:
    """The documents of each token of `text`, and up to `COMMON` documents at all under `WHOLE`.

    Common tokens are left out, unless there is nothing else to go by; then some of their documents have to do.

    Single characters tell articles apart, but among many documents each of them is common.
    """
    holders = _sample(kind, [WHOLE, *tokens.subject_tokens(text, SUBJECT_TOKENS)], is_frequent)
    if len(holders[WHOLE]) < COMMON and (characters := tokens.subject_characters(text, SUBJECT_TOKENS)):
        holders |= _sample(kind, characters, is_frequent)
    rare = {token: ids for token, ids in holders.items() if token == WHOLE or len(ids) < COMMON}
    return rare if any(ids for token, ids in rare.items() if token != WHOLE) else holders


def _sample(kind: str, wanted: list[str], is_frequent: bool) -> dict[str, list[int]]:
    """Up to `COMMON` documents of each token, in one statement.

    Of a frequent kind the row tells the kind: to cross each token with that of the kind takes ten times as long.
    """
    of_kind: list[str] = []
    if connection.vendor == "sqlite":
        ids = "SELECT rowid AS id FROM search_index WHERE search_index MATCH %s"
    else:
        ids, of_kind = "SELECT id FROM search_document WHERE vector @@ %s::tsquery AND kind = %s", [kind]
    branch = f"SELECT %s AS position, id FROM ({ids} LIMIT {COMMON}) AS holder"  # noqa: S608 constants
    crossed = [] if of_kind and is_frequent else [tokens.kind_token(kind)]
    parameters: list[str | int] = []
    for position, token in enumerate(wanted):
        parameters += [position, _words([*crossed, token] if token else [tokens.kind_token(kind)]), *of_kind]
    holders: dict[str, list[int]] = {token: [] for token in wanted}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([branch] * len(wanted)), parameters)
        for position, document in cursor.fetchall():
            holders[wanted[position]].append(document)
    return holders


def _all_of(kind: str, wanted: Iterable[str]) -> str:
    return _words([tokens.kind_token(kind), *wanted])


def _words(wanted: Iterable[str]) -> str:
    """The query in the language of the database; tokens hold no quotes, and `*` only at their end."""
    quote, conjunction, prefix = ('"', " AND ", "*") if connection.vendor == "sqlite" else ("'", " & ", ":*")
    return conjunction.join(
        f"{quote}{token.removesuffix('*')}{quote}{prefix if token.endswith('*') else ''}" for token in wanted
    )
