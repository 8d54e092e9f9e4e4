from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.actors import Actor, actor_for
from accounts.models import User
from knowledge import queries
from knowledge.models import ArticleVersion, KnowledgeArticle
from tests.knowledge.conftest import AT, Publish


@pytest.fixture
def shelf(publish: Publish) -> None:
    publish()
    publish(
        code="KB-002",
        title="门禁失灵的处理",
        keywords=["门禁"],
        symptom="刷卡无反应。",
        categories=["EQP-01", "EQP-03"],
    )
    publish(code="KB-003", title="打印机旧型号卡纸的处理", valid_until=date(2026, 6, 30))


def codes(found: list[queries.Suggestion]) -> list[str]:
    return [one.article.code for one in found]


def test_the_most_like_article_comes_first_and_the_expired_one_after_it(shelf: None) -> None:
    found = queries.suggest("三楼打印机卡纸了")
    assert codes(found)[:2] == ["KB-001", "KB-003"]
    assert (found[0].usable, found[0].why_not) == (True, "")
    assert found[0].version.version_label == "1.0"
    assert (found[1].usable, found[1].why_not) == (False, "Expired on 2026-06-30, cannot be adopted")


def test_articles_of_the_same_category_are_preferred_and_fill_up(shelf: None) -> None:
    assert codes(queries.suggest("门禁", leaf="EQP-03"))[0] == "KB-002"
    assert set(codes(queries.suggest("空调滴水", leaf="EQP-03"))) == {"KB-001", "KB-002", "KB-003"}
    assert codes(queries.suggest("空调", leaf="EQP-01")) == ["KB-002"]
    assert queries.suggest("空调", leaf='EQP-0"%') == []


def test_the_number_of_suggestions_is_limited(shelf: None) -> None:
    assert len(queries.suggest("处理", leaf="EQP-03", limit=2)) == 2


def test_nothing_is_suggested_for_nothing(shelf: None) -> None:
    assert queries.suggest("") == []
    assert queries.suggest("，。！") == []


def test_drafts_and_withdrawn_articles_are_never_suggested_or_adopted(shelf: None, author: User) -> None:
    for status in ("draft", "in_review", "withdrawn"):
        KnowledgeArticle.objects.filter(code="KB-001").update(status=status)
        assert "KB-001" not in codes(queries.suggest("打印机卡纸", leaf="EQP-03", actor=actor_for(author, AT)))
        assert queries.version_for_adoption(actor_for(author, AT), "KB-001") is None


def test_only_the_current_version_of_a_valid_article_is_usable(publish: Publish, clock: Any) -> None:
    publish()
    publish(version_label="1.1")
    old, new = ArticleVersion.objects.order_by("version_label")
    assert not queries.usable_version(old)
    assert queries.usable_version(new)
    clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    assert not queries.usable_version(new)


def test_the_version_for_adoption_is_the_current_one(publish: Publish, author: User) -> None:
    publish()
    publish(version_label="1.1")
    found = queries.version_for_adoption(actor_for(author, AT), "KB-001")
    assert found is not None
    assert found.version_label == "1.1"
    assert queries.version_for_adoption(actor_for(author, AT), "KB-009") is None
    assert queries.version_for_adoption(Actor(), "KB-001") is None


def test_suggestions_cost_the_same_for_many_articles(
    publish: Publish, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    publish()
    few = count_queries(lambda: queries.suggest("打印机卡纸", leaf="EQP-03"))
    for number in range(2, 12):
        publish(code=f"KB-{number:03}")
    assert count_queries(lambda: queries.suggest("打印机卡纸", leaf="EQP-03")) == few <= 5
