from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import actor_for
from accounts.models import User
from knowledge import queries
from knowledge.models import KnowledgeArticle
from knowledge.views import listing
from tests.firm import sign_in
from tests.knowledge.conftest import AT, Publish


@pytest.fixture
def reader(client: Client, colleague: User) -> Client:
    sign_in(client, colleague)
    return client


def listed(client: Client, **query: str) -> list[str]:
    answer = client.get(reverse("knowledge"), query)
    return [row["article"].code for row in answer.context["rows"]]


def test_the_list_is_searched_and_filtered(reader: Client, publish: Publish) -> None:
    publish()
    publish(code="KB-002", title="门禁失灵的处理", keywords=[], symptom="刷卡无反应", categories=["EQP-01"])
    publish(code="KB-003", valid_until=date(2026, 6, 30))
    assert listed(reader) == ["KB-001", "KB-002", "KB-003"]
    assert listed(reader, q="门禁") == ["KB-002"]
    assert listed(reader, q="kb-002") == ["KB-002"]
    assert listed(reader, category="EQP-03") == ["KB-001", "KB-003"]
    assert listed(reader, category="EQP-03", status="valid") == ["KB-001"]
    assert listed(reader, status="expired") == ["KB-003"]
    assert listed(reader, q="，") == []
    assert listed(reader, status="' or 1=1") == []


def test_the_list_goes_by_the_day_where_the_expiry_has_not_run(reader: Client, publish: Publish) -> None:
    publish()
    KnowledgeArticle.objects.update(valid_until=date(2026, 11, 21))
    assert listed(reader, status="valid") == []
    assert listed(reader, status="expired") == ["KB-001"]
    assert "Expired" in reader.get(reverse("article", args=["KB-001"])).content.decode()


def test_a_long_list_has_pages(reader: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(1, 6):
        publish(code=f"KB-{number:03}")
    address, seen = f"{reverse('knowledge')}?q=打印机", []
    while address:
        page = reader.get(address)
        context = page.context
        assert ('rel="next"' in page.content.decode()) == bool(context["next_url"])
        seen += [row["article"].code for row in context["rows"]]
        address = context["next_url"]
    assert seen == [f"KB-{number:03}" for number in range(1, 6)]


def test_drafts_are_seen_by_author_and_reviewer_only(
    client: Client, publish: Publish, author: User, head: User, colleague: User
) -> None:
    publish()
    KnowledgeArticle.objects.update(status="draft")
    for person, status, rows in ((author, 200, 1), (head, 200, 1), (colleague, 404, 0)):
        sign_in(client, person)
        assert client.get(reverse("article", args=["KB-001"])).status_code == status
        assert client.get(reverse("article-version", args=["KB-001", "1.0"])).status_code == status
        assert len(listed(client)) == rows
        assert len(listed(client, q="打印机")) == rows


def test_what_is_not_there_looks_like_what_is_hidden(reader: Client, publish: Publish) -> None:
    publish()
    KnowledgeArticle.objects.update(status="draft")
    hidden = reader.get(reverse("article", args=["KB-001"]))
    absent = reader.get(reverse("article", args=["KB-009"]))
    assert hidden.status_code == absent.status_code == 404
    token = re.compile(r"gAAA[\w=-]+|[A-Za-z0-9]{64}|KB-00[19]")
    assert token.sub("", hidden.content.decode()) == token.sub("", absent.content.decode())


def test_the_article_is_shown_as_text(reader: Client, publish: Publish) -> None:
    publish(symptom="<script>alert(1)</script>", title="<b>标题</b>", keywords=["<i>"], solution_steps=["<img src=x>"])
    for page in (reader.get(reverse("article", args=["KB-001"])), reader.get(reverse("knowledge"))):
        content = page.content.decode()
        for raw in ("<script>alert", "<b>标题", "<i>", "<img src=x>"):
            assert raw not in content
        assert "&lt;b&gt;标题" in content


def test_an_old_version_reads_as_it_was_and_leads_to_the_current_one(reader: Client, publish: Publish) -> None:
    publish()
    publish(version_label="1.1", symptom="换了说法")
    old = reader.get(reverse("article-version", args=["KB-001", "1.0"])).content.decode()
    assert "高速打印机连续卡纸" in old
    assert "Replaced by version 1.1" in old
    assert "换了说法" in reader.get(reverse("article", args=["KB-001"])).content.decode()
    assert reader.get(reverse("article-version", args=["KB-001", "9.9"])).status_code == 404


def test_an_expired_article_is_shown_with_the_reason_why_it_cannot_be_adopted(reader: Client, publish: Publish) -> None:
    publish(valid_until=date(2026, 6, 30))
    page = reader.get(reverse("article", args=["KB-001"])).content.decode()
    assert "Expired on 2026-06-30, cannot be adopted" in page
    assert "断电取纸" in page


def test_a_draft_that_was_never_published_reads_as_it_stands(author: User) -> None:
    draft = KnowledgeArticle.objects.create(code="KB-009", title="草稿", symptom="现象", author=author)
    reading = queries.reading(draft)
    assert reading is not None
    assert (reading.content["title"], reading.published_at) == ("草稿", None)
    assert reading.why_not == "Not in force, cannot be adopted"
    assert list(queries.article_list(actor_for(author, AT))) == [draft]


def test_the_list_costs_the_same_for_many_articles(reader: Client, publish: Publish, count_queries: Any) -> None:
    publish()
    few = count_queries(lambda: reader.get(reverse("knowledge")))
    for number in range(2, 20):
        publish(code=f"KB-{number:03}")
    assert count_queries(lambda: reader.get(reverse("knowledge"))) == few


def test_strangers_are_sent_to_the_sign_in(client: Client, publish: Publish) -> None:
    publish()
    for address in (reverse("knowledge"), reverse("article", args=["KB-001"])):
        assert reverse("sign-in") in client.get(address).headers["Location"]


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "title": "打印机卡纸的处理",
        "categories": ["EQP-03"],
        "symptom": "连续卡纸",
        "solution_steps": "断电取纸\n清洁搓纸轮",
        "keywords": "卡纸",
    } | changes


def test_an_article_goes_its_way_in_the_browser(clock: Any, author: User, head: User) -> None:
    clock.set(AT)
    writer, publisher = Client(), Client()
    sign_in(writer, author)
    sign_in(publisher, head)
    page = writer.post(reverse("article-new"), typed(), follow=True)
    article = KnowledgeArticle.objects.get()
    assert "Propose for approval" in page.content.decode()
    writer.post(reverse("article-edit", args=[article.code]), typed(version=article.version, title="打印机缺墨"))
    article.refresh_from_db()
    assert article.title == "打印机缺墨"
    writer.post(reverse("article-propose", args=[article.code]), {"reviewer": head.pk, "version": article.version})
    article.refresh_from_db()
    assert article.status == "in_review"
    answer = publisher.post(reverse("article-return", args=[article.code]), {"remark": "", "version": article.version})
    assert answer.status_code == 422
    publisher.post(reverse("article-approve", args=[article.code]), {"valid_until": "", "version": article.version})
    article.refresh_from_db()
    assert article.status == "valid"
    renewed = {"valid_until": "2027-11-30", "version": article.version}
    publisher.post(reverse("article-renew", args=[article.code]), renewed)
    article.refresh_from_db()
    assert (article.version_label, article.valid_until) == ("1.1", date(2027, 11, 30))
    answer = publisher.post(reverse("article-withdraw", args=[article.code]), {"remark": "旧", "version": 1})
    assert answer.status_code == 412
    assert "旧" in answer.content.decode()


def test_what_is_missing_in_an_article_stands_at_its_field(reader: Client, clock: Any) -> None:
    clock.set(AT)
    answer = reader.post(reverse("article-new"), typed(title=" ", solution_steps=" "))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "solution_steps"}


def test_two_who_change_one_draft_see_both_versions(clock: Any, author: User) -> None:
    clock.set(AT)
    writer = Client()
    sign_in(writer, author)
    writer.post(reverse("article-new"), typed())
    article = KnowledgeArticle.objects.get()
    address = reverse("article-edit", args=[article.code])
    writer.post(address, typed(version=article.version, title="打印机缺墨"))
    answer = writer.post(address, typed(version=article.version, title="打印机冒烟"))
    assert answer.status_code == 412
    assert "打印机缺墨" in answer.content.decode()
    assert "打印机冒烟" in answer.content.decode()


def test_what_is_mended_is_still_judged_by_the_version_that_it_was_typed_on(clock: Any, author: User) -> None:
    clock.set(AT)
    writer = Client()
    sign_in(writer, author)
    writer.post(reverse("article-new"), typed())
    article = KnowledgeArticle.objects.get()
    address = reverse("article-edit", args=[article.code])
    writer.post(address, typed(version=article.version, title="打印机缺墨"))
    answer = writer.post(address, typed(version=article.version, title=" "))
    assert answer.status_code == 422
    assert answer.context["version"] == article.version
    assert f'name="version" value="{article.version}"' in answer.content.decode()
