"""How well search and suggestions find what was meant, on the fictional calls and articles of `data/`.

Run `python -m benchmarks.retrieval` for the embedded database, and with DATABASE_URL for another; either makes a
scratch database of its own and drops it at the end. Prints, for suggestions of articles for a call, the share of calls
whose right article comes first (hit@1) or among three (hit@3) and the mean reciprocal rank (MRR); for typed queries by
kind, the share of wanted calls found and of unwanted ones kept out; and the time of each.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, quantiles
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402

from search import actions  # noqa: E402
from search.models import Document  # noqa: E402
from search.queries import like, matching  # noqa: E402

DATA = Path(__file__).parent / "data" / "retrieval_set.json"
# What the search reaches today: a change may better it and must not lose it.
AMONG_THREE, FOUND = 0.75, 1.0
# Words are not corrected.
TYPO = "typo"
AT = datetime(2026, 11, 22, tzinfo=UTC)


def main() -> int:
    """Print every figure; 1 if one that has a goal misses it."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        print(f"{connection.vendor}")
        return measure(json.loads(DATA.read_text()))
    finally:
        connection.creation.destroy_test_db(str(name), verbosity=0)


def measure(data: dict[str, list[dict[str, Any]]]) -> int:
    articles = {article["id"]: number for number, article in enumerate(data["articles"], 1)}
    for article in data["articles"]:
        title = " ".join([article["title"], *article["keywords"]])
        text = f"{article['symptoms']} {article['solution']}"
        actions.index("article", articles[article["id"]], title=title, text=text, at=AT)
    for call in data["calls"]:
        actions.index("call", number_of(call["id"]), title="", text=call["text"], at=AT)
    among_three = suggestions(data["calls"], articles)
    found = typed_queries(data["queries"])
    figures = [
        ("retrieval: the right article among three", among_three, AMONG_THREE),
        ("retrieval: calls found by what was typed", found, FOUND),
    ]
    for name, share, goal in figures:
        print(f"{name:44}  {share:.3f}  goal at least {goal:g}  {'ok' if share >= goal else 'red'}")
    return int(any(share < goal for _name, share, goal in figures))


def suggestions(calls: list[dict[str, Any]], articles: dict[str, int]) -> float:
    """Prints the ranks; the share of calls whose article is among the first three."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    times = []
    for call in calls:
        if call["article"]:
            found, seconds = timed(lambda call=call: like("article", call["text"], limit=len(articles)))
            keys = [key for key, _ in found]
            wanted = articles[call["article"]]
            rank = keys.index(wanted) + 1 if wanted in keys else 0
            times.append(seconds)
            for group in ("all", call["style"], "with a slip of the pen" if call["typo"] else "spelt right"):
                groups[group].append(rank)
    print(f"suggestions                calls  hit@1  hit@3    MRR   ({spread(times)})")
    for group, ranks in groups.items():
        hits = [fmean(0 < rank <= limit for rank in ranks) for limit in (1, 3)]
        reciprocal = fmean(1 / rank if rank else 0 for rank in ranks)
        print(f"  {group:24} {len(ranks):5}  {hits[0]:5.3f}  {hits[1]:5.3f}  {reciprocal:5.3f}")
    return fmean(0 < rank <= 3 for rank in groups["all"])


def typed_queries(queries: list[dict[str, Any]]) -> float:
    """Prints what was found by kind of query; the share of wanted calls found, slips of the pen apart."""
    recall: defaultdict[str, list[float]] = defaultdict(list)
    kept_out: defaultdict[str, list[float]] = defaultdict(list)
    times = []
    for query in queries:
        keys, seconds = timed(
            lambda query=query: set(
                Document.objects.filter(kind="call", key__in=matching("call", query["q"]) or []).values_list(
                    "key", flat=True
                )
            )
        )
        times.append(seconds)
        for wanted in query["must"]:
            recall[query["kind"]].append(number_of(wanted) in keys)
        for unwanted in query["must_not"]:
            kept_out[query["kind"]].append(number_of(unwanted) not in keys)
    print(f"typed queries             found  kept out   ({spread(times)})")
    for kind in recall:
        print(f"  {kind:22} {fmean(recall[kind]):7.3f} {fmean(kept_out[kind]):8.3f}")
    return fmean(one for kind, ones in recall.items() if kind != TYPO for one in ones)


def number_of(call: str) -> int:
    return int(call.removeprefix("C-"))


def timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    answer = ask()
    return answer, perf_counter() - start


def spread(times: list[float]) -> str:
    cuts = quantiles(times, n=20)
    return f"p50 {cuts[9] * 1000:.1f} ms, p95 {cuts[18] * 1000:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
