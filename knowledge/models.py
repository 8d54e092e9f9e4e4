"""Articles of the knowledge base and their published versions."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ledger.guards import Guard
from ledger.models import Record


class KnowledgeArticle(Record):
    """How something was solved before, so that the next one can be solved the same way (5.4.4).

    `categories` holds the codes of leaves of the procedure's tree. `valid_until` is the last day, in China, on
    which the article may be adopted; None has no end. `remark` is what the author was told when it last came back or
    was withdrawn.
    """

    stream_kind: ClassVar[str] = "article"

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("article", "Draft")
        IN_REVIEW = "in_review", pgettext_lazy("article", "In review")
        VALID = "valid", pgettext_lazy("article", "Valid")
        EXPIRED = "expired", pgettext_lazy("article", "Expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("article", "Withdrawn")

    UNFINISHED: ClassVar[tuple[str, ...]] = (Status.DRAFT, Status.IN_REVIEW)
    PUBLISHED: ClassVar[tuple[str, ...]] = (Status.VALID, Status.EXPIRED)

    code = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    categories = models.JSONField(_("categories"), default=list)
    keywords = models.JSONField(_("keywords"), default=list)
    symptom = models.TextField(_("symptom"))
    solution_steps = models.JSONField(_("solution"), default=list)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    version_label = models.CharField(_("version"), max_length=10, default="1.0")
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    department = models.ForeignKey(
        "accounts.Department",
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    source = models.CharField(_("drafted from"), max_length=24, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewer=None) | ~Q(reviewer=F("author")), name="article_not_reviewed_by_its_author"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("valid", "expired")) | Q(published_at__isnull=False, reviewer__isnull=False),
                name="article_published_with_reviewer",
            ),
        ]
        indexes = [
            models.Index(fields=["valid_until"], name="article_expiry", condition=Q(status="valid")),
            models.Index(fields=["reviewer", "status"], name="article_of_reviewer"),
            models.Index(fields=["source"], name="article_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def content(self) -> dict[str, Any]:
        """What a version freezes: everything that a reader sees, as plain JSON."""
        return {
            "code": self.code,
            "version": self.version_label,
            "title": self.title,
            "categories": self.categories,
            "keywords": self.keywords,
            "symptom": self.symptom,
            "solution_steps": self.solution_steps,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "author": self.author.name,
            "reviewer": self.reviewer.name if self.reviewer else None,
        }

    def usable_on(self, day: date) -> bool:
        """Whether it may be adopted on that day in China, also where the daily expiry has not run yet."""
        return self.status == self.Status.VALID and (self.valid_until is None or day <= self.valid_until)


class ArticleVersion(models.Model):
    """What an article said when it was published, for good: records that adopt it keep this row.

    `sha256` is over the canonical JSON of `content`.
    """

    article = models.ForeignKey(KnowledgeArticle, on_delete=models.PROTECT, related_name="versions")
    version_label = models.CharField(max_length=10)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    belongs_to: ClassVar[str] = "article"
    guard: ClassVar[Guard] = "append_only"

    class Meta:
        ordering = ["article", "-published_at"]
        constraints = [models.UniqueConstraint(fields=["article", "version_label"], name="article_version_once")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.version_label}"
