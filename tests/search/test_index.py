from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from search import actions, queries
from search.models import Document

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def index(key: int, title: str, text: str = "", kind: str = "declaration", at: datetime = AT) -> None:
    actions.index(kind, key, title=title, text=text, at=at)


def keys_of(found: RawSQL | None) -> set[int]:
    assert found is not None
    return set(Document.objects.filter(key__in=found).values_list("key", flat=True))


def test_documents_are_found_by_any_word_of_title_or_text() -> None:
    index(1, "打印机卡纸", "三楼的高速打印机")
    index(2, "门禁失灵", "SD-20261122-001 电话 13800000021")
    assert keys_of(queries.matching("declaration", "高速 卡纸")) == {1}
    assert keys_of(queries.matching("declaration", "sd-20261122-001")) == {2}
    assert keys_of(queries.matching("declaration", "138 0000 0021")) == {2}
    assert keys_of(queries.matching("declaration", "卡门")) == set()


def test_kinds_do_not_mix() -> None:
    index(1, "打印机卡纸")
    index(1, "打印机", kind="article")
    assert keys_of(queries.matching("article", "打印机")) == {1}
    assert keys_of(queries.matching("article", "卡纸")) == set()
    assert queries.like("article", "卡纸", limit=5) == []


def test_a_text_without_words_asks_nothing() -> None:
    assert queries.matching("declaration", " ，'\"* ") is None
    assert queries.like("declaration", " ，'\"* ", limit=5) == []


def test_the_query_language_of_the_database_cannot_be_reached() -> None:
    index(1, "打印机")
    for hostile in [
        "打印' | '机",
        '打印" OR "门',
        "打印机) OR (1",
        "NEAR(打印 机)",
        "a:* & !b",
        "tokens:打印",
        "%s %(x)s",
    ]:
        queries.like("declaration", hostile, limit=5)
        keys_of(queries.matching("declaration", hostile))


def test_a_changed_document_is_found_by_its_new_words_only() -> None:
    index(1, "打印机卡纸")
    index(1, "门禁失灵")
    assert keys_of(queries.matching("declaration", "门禁")) == {1}
    assert keys_of(queries.matching("declaration", "打印机")) == set()
    assert queries.like("declaration", "打印机卡纸", limit=5) == []
    assert Document.objects.count() == 1


def test_a_removed_document_is_not_found() -> None:
    index(1, "打印机卡纸")
    actions.remove("declaration", 1)
    actions.remove("declaration", 1)
    assert keys_of(queries.matching("declaration", "打印机")) == set()
    index(2, "门禁失灵")
    assert queries.like("declaration", "打印机卡纸", limit=5) == []


def test_the_index_goes_back_with_the_transaction() -> None:
    with transaction.atomic():
        index(1, "打印机卡纸")
        transaction.set_rollback(True)
    index(2, "门禁失灵")
    assert keys_of(queries.matching("declaration", "打印机")) == set()
    assert keys_of(queries.matching("declaration", "门禁")) == {2}


def test_likeness_prefers_rare_words_and_titles() -> None:
    index(1, "系统打印机脱机")
    index(2, "系统登录缓慢", "打印机")
    index(3, "系统升级通知")
    found = queries.like("declaration", "系统里的打印机", limit=5)
    assert [key for key, _ in found] == [1, 2, 3]
    assert found[0][1] > found[1][1] > found[2][1] > 0


def test_a_frequent_kind_is_told_from_the_others_by_its_rows() -> None:
    index(1, "打印机卡纸")
    actions.index("case", 2, title="打印机卡纸", text="", at=AT)
    for text in ("打印机卡纸", "打印机 " * 50):
        alike = queries.like("declaration", text, limit=5)
        assert queries.like("declaration", text, limit=5, is_frequent=True) == alike
        assert [key for key, _score in alike] == [1]


def test_equally_like_documents_come_newest_first() -> None:
    for key in range(1, 4):
        index(key, "打印机卡纸", at=AT + timedelta(hours=key))
    assert [key for key, _ in queries.like("declaration", "打印机", limit=2)] == [3, 2]


def test_suggestions_leave_out_what_is_excluded_or_not_permitted() -> None:
    for key in range(1, 5):
        index(key, "打印机卡纸")
    permitted = Document.objects.filter(key__lte=2).values("key")
    assert {key for key, _ in queries.like("declaration", "打印机", limit=9, exclude=[4])} == {1, 2, 3}
    assert {key for key, _ in queries.like("declaration", "打印机", limit=9, keys=permitted)} == {1, 2}
    assert [key for key, _ in queries.like("declaration", "打印机", limit=9, exclude=[1], keys=[1, 2])] == [2]


def test_a_word_that_most_documents_share_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COMMON", 5)
    for key in range(1, 9):
        index(key, "系统" if key < 8 else "系统卡顿")
    assert [key for key, _ in queries.like("declaration", "系统卡顿", limit=9)] == [8]
    assert len(queries.like("declaration", "系统", limit=9)) == 5


def test_suggestions_take_few_statements_whatever_the_number_of_words(
    count_queries: Callable[[Callable[[], object]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    index(1, "打印机卡纸")
    for text in ["打印机", "打印机" + "".join(map(chr, range(0x4E00, 0x5E00)))]:
        assert count_queries(lambda text=text: queries.like("declaration", text, limit=5)) == 3
    monkeypatch.setattr(queries, "COMMON", 1)
    assert count_queries(lambda: queries.like("declaration", "打印机", limit=5)) == 2


@pytest.mark.django_db(transaction=True)
def test_the_index_survives_a_rebuild_of_its_table() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite rebuilds tables")
    index(1, "打印机卡纸")
    with connection.schema_editor() as editor:
        editor._remake_table(Document)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_index(search_index) VALUES ('integrity-check')")
    index(1, "门禁失灵")
    assert keys_of(queries.matching("declaration", "门禁")) == {1}
    assert keys_of(queries.matching("declaration", "卡纸")) == set()
