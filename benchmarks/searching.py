"""How long search on the list and suggestions take among many records, for words of all lengths and frequencies.

Run `python -m benchmarks.searching 1000000` with DATABASE_URL for PostgreSQL, without for the embedded database; it
makes a scratch database and drops it. The records are those of `benchmarks.reports`; what they say are calls of `data/`
with random hanzi behind them, and marks that stand in a known share of them.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from itertools import islice
from statistics import quantiles

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.actors import Actor  # noqa: E402
from base.clock import set_clock  # noqa: E402
from benchmarks import reports  # noqa: E402
from benchmarks.retrieval import DATA, timed  # noqa: E402
from incidents.access import declarations  # noqa: E402
from incidents.models import Declaration  # noqa: E402
from incidents.queries.listing import ListQuery, counts, listed, searched  # noqa: E402
from search import tokens  # noqa: E402
from search.models import Document  # noqa: E402
from search.queries import like  # noqa: E402
from tests.firm import CHEN_HEAD, LIU_DESK, staff  # noqa: E402

BATCH, TEXTS = 2000, 20_000
SIZE, GOAL, SUGGESTIONS = 50_000, 0.1, 0.15
ROUNDS = 7
# Each stands in this share of the records.
MARKS = {
    "客户来电": 1.0,
    "季度对账": 0.25,
    "二十分之": 0.05,
    "百分之一": 0.01,
    "千分之三": 0.003,
    "千分之一": 0.001,
    "万分之一": 0.0001,
}
WORDS = [*MARKS, "卡", "钱", "的", "打印机", "排班", "合同到期", "一模一样", "13955510011", "打印机 脱机", "季度 百分"]
SORTS = ("received", "due")


def main(size: int = SIZE) -> int:
    """Print every figure beside its goal; 1 if one is missed."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        calls = [call["text"] for call in json.loads(DATA.read_text())["calls"]]
        with set_clock(reports.NOW):
            seconds = timed(lambda: fill(size, calls))[1]
            print(f"{connection.vendor}: {size} records and their documents written in {seconds:.0f} s")
            return measure(calls)
    finally:
        connection.creation.destroy_test_db(str(name), verbosity=0)


def fill(size: int, calls: list[str]) -> None:
    """Records as `benchmarks.reports` makes them, each with its document."""
    reports.fill(size)
    Document.objects.all().delete()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_document_vector'")
            [made] = cursor.fetchone()
            cursor.execute("DROP INDEX search_document_vector")
        every = documents(calls)
        while rows := list(islice(every, BATCH)):
            Document.objects.bulk_create(rows)
        # All at once, which takes a fraction of what the index takes row by row.
        again = (
            made if connection.vendor == "postgresql" else "INSERT INTO search_index(search_index) VALUES ('rebuild')"
        )
        cursor.execute(again)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE search_document" if connection.vendor == "postgresql" else "ANALYZE")


def documents(calls: list[str]) -> Iterator[Document]:
    """One for each record, of one of so many texts."""
    chance = random.Random(1)
    said = list(texts(chance, calls))
    for key, number, at in Declaration.objects.order_by("pk").values_list("pk", "number", "received_at").iterator():
        own = tokens.index_tokens(number)
        found = " ".join(sorted(chance.choice(said) | own))
        yield Document(kind="declaration", key=key, tokens=found, title_tokens=" ".join(sorted(own)), at=at)


def texts(chance: random.Random, calls: list[str]) -> Iterator[set[str]]:
    """The tokens of a call, with noise behind it and the marks that it has."""
    hanzi = [chr(code) for code in chance.sample(range(0x4E00, 0x9FA5), 3000)]
    for _text in range(TEXTS):
        noise = "".join(chance.choices(hanzi, k=chance.randint(10, 60)))
        marks = [mark for mark, share in MARKS.items() if chance.random() < share]
        yield tokens.index_tokens("，".join([chance.choice(calls), noise, *marks])) | {tokens.kind_token("declaration")}


def measure(calls: list[str]) -> int:
    """As the page asks: its 25 records and all its counts, with what the reader may see, in both orders."""
    readers = [staff(number) for number in (CHEN_HEAD, LIU_DESK)]
    best: dict[str, float] = {}
    every: dict[str, list[float]] = {}
    for word in ["", *WORDS]:
        tries = [tried(actor, word, sort) for actor in readers for sort in SORTS]
        best[word], every[word] = max(map(min, tries)), [seconds for taken in tries for seconds in taken]
        print(f"  list with {word or 'no word':10} {1000 * best[word]:8.1f} ms, p95 {1000 * p95(every[word]):8.1f} ms")
    seen = declarations(readers[1]).values("pk")
    times = [
        min(
            timed(lambda call=call: like("declaration", call, limit=5, keys=seen, is_frequent=True))[1]
            for _ in range(3)
        )
        for call in calls[:60]
    ]
    print(f"  suggestions          p50 {1000 * quantiles(times, n=20)[9]:8.1f} ms, p95 {1000 * p95(times):8.1f} ms")
    figures = {
        "searching: list with the commonest word, p95": (p95(every[WORDS[0]]), GOAL),
        "searching: list with the slowest word": (max(best[word] for word in WORDS), 2 * GOAL),
        "searching: suggestions for a call, p95": (p95(times), SUGGESTIONS),
    }
    for name, (seconds, goal) in figures.items():
        verdict = "ok" if seconds < goal else "red"
        print(f"{name:44}  {1000 * seconds:.1f} ms  goal under {1000 * goal:.0f} ms  {verdict}")
    return int(any(seconds >= goal for seconds, goal in figures.values()))


def answer(actor: Actor, word: str, sort: str) -> None:
    """What the page of the list reads of the records."""
    query = ListQuery(view="all", q=word, sort=sort)
    search = searched(actor, query)
    listed(actor, query, search)
    counts(actor, query, search=search)


def tried(actor: Actor, word: str, sort: str) -> list[float]:
    return [timed(lambda: answer(actor, word, sort))[1] for _ in range(ROUNDS)]


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[18]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE))
