from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import User
from knowledge import actions, tasks
from knowledge.access import articles, may_see
from knowledge.models import ArticleVersion, KnowledgeArticle
from ledger.canonical import canonical, digest
from ledger.exceptions import Invalid, NotPermitted, Stale
from ledger.queries import history
from tests.knowledge.conftest import AT, Publish


def test_publishing_freezes_the_version(publish: Publish) -> None:
    article = publish()
    version = article.versions.get()
    assert version.content == article.content()
    assert version.sha256 == digest(canonical(version.content))
    assert [entry.action for entry in history(article.stream)] == ["publish_article"]
    assert (article.status, article.published_at) == ("valid", AT)


def test_the_system_may_see_every_article_and_a_customer_none(publish: Publish) -> None:
    article = publish()
    assert (may_see(SYSTEM, article), may_see(Actor(), article)) == (True, False)
    assert list(articles(SYSTEM)) == [article]
    assert not articles(Actor())


def test_a_new_version_leaves_the_old_one_as_it_was(publish: Publish) -> None:
    old = publish().versions.get().content
    article = publish(version_label="1.1", title="打印机缺墨的处理")
    assert article.versions.get(version_label="1.0").content == old
    assert article.versions.get(version_label="1.1").content["title"] == "打印机缺墨的处理"
    assert KnowledgeArticle.objects.count() == 1


def test_the_same_version_cannot_be_published_twice(publish: Publish) -> None:
    publish()
    with pytest.raises(Invalid) as refused:
        publish(title="打印机缺墨的处理")
    assert "version_label" in refused.value.errors
    assert KnowledgeArticle.objects.get().title == "打印机卡纸的处理"


def test_a_published_version_cannot_be_changed(publish: Publish) -> None:
    publish()
    for change in (lambda rows: rows.update(sha256=""), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(ArticleVersion.objects.all())


@pytest.mark.parametrize("name", ["title", "categories", "symptom", "solution_steps", "version_label"])
def test_an_article_without_this_is_refused(publish: Publish, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        publish(**{name: type({"categories": [], "solution_steps": []}.get(name, ""))()})
    assert list(refused.value.errors) == [name]
    assert not KnowledgeArticle.objects.exists()


def test_nobody_reviews_the_own_article(publish: Publish, author: User) -> None:
    with pytest.raises(Invalid) as refused:
        publish(reviewer=author)
    assert "reviewer" in refused.value.errors


def test_heads_publish_and_others_do_not(publish: Publish, as_head: Actor, colleague: User) -> None:
    with pytest.raises(NotPermitted):
        publish(actor=actor_for(colleague, AT))
    assert publish(actor=as_head).status == "valid"


def test_a_stale_form_does_not_overwrite(publish: Publish) -> None:
    article = publish()
    publish(version_label="1.1", version=article.version)
    with pytest.raises(Stale):
        publish(version_label="1.2", version=article.version)


def test_articles_expire_after_their_last_day_in_china(publish: Publish) -> None:
    article = publish()
    endless = publish(code="KB-002", valid_until=None)
    last_instant = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert actions.expire_overdue(last_instant) == 0
    assert actions.expire_overdue(last_instant + timedelta(seconds=1)) == 1
    assert actions.expire_overdue(last_instant + timedelta(seconds=1)) == 0
    assert KnowledgeArticle.objects.get(code="KB-001").status == "expired"
    assert KnowledgeArticle.objects.get(pk=endless.pk).status == "valid"
    assert [entry.action for entry in history(article.stream)] == ["publish_article", "expire_article"]


def test_command_and_job_expire_alike(publish: Publish, clock: Any) -> None:
    publish()
    publish(code="KB-002", valid_until=date(2027, 1, 5))
    clock.set(datetime(2027, 1, 2, tzinfo=UTC))
    assert tasks.expire() == 1
    clock.set(datetime(2027, 1, 6, tzinfo=UTC))
    call_command("expire_articles", verbosity=0)
    assert set(KnowledgeArticle.objects.values_list("status", flat=True)) == {"expired"}


def test_an_article_that_is_out_of_date_already_is_published_as_expired(publish: Publish) -> None:
    assert publish(valid_until=date(2026, 11, 21)).status == "expired"
    assert publish(code="KB-002", valid_until=date(2026, 11, 22)).status == "valid"


def test_an_expired_article_comes_back_with_a_new_version(publish: Publish) -> None:
    publish(valid_until=date(2026, 11, 21))
    assert publish(version_label="2.0").status == "valid"
