"""Robots of chat groups and webhooks that a department's messages go to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from ledger.models import Record


class Bot(Record):
    """A robot in a group of WeCom, DingTalk or Feishu, or the address of a program.

    `kinds` and `levels` say what it gets: kinds of `notifications.kinds`, levels 1 to 4; a message without a level
    passes. `sealed_address` and `sealed_secret` are encrypted (`notifications.sealing`) and shown to nobody;
    `host` tells people where it leads.
    """

    stream_kind: ClassVar[str] = "bot"
    unrecorded: ClassVar[tuple[str, ...]] = ("sealed_address", "sealed_secret")

    class Product(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")
        WEBHOOK = "webhook", _("Webhook (signed)")

    name = models.CharField(_("name"), max_length=60, unique=True)
    product = models.CharField(_("product"), max_length=10, choices=Product.choices)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="bots"
    )
    kinds = models.JSONField(_("events"), default=list)
    levels = models.JSONField(_("levels"), default=list)
    host = models.CharField(_("host"), max_length=253, editable=False)
    sealed_address = models.TextField(editable=False)
    sealed_secret = models.TextField(blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("robot")
        verbose_name_plural = _("robots")

    def __str__(self) -> str:
        return self.name

    @property
    def channel(self) -> str:
        """By which channel its messages go, as `Notification.Channel` names them."""
        return "webhook" if self.product == Bot.Product.WEBHOOK else "chat"

    def wants(self, kind: str, level: object) -> bool:
        """Whether a message of that kind and level (None: it has none) goes here."""
        return self.is_active and kind in self.kinds and (level is None or level in self.levels)


class Pace(models.Model):
    """How fast a robot was used, so that all workers together keep the limit of its product.

    `stamps` are the last sendings (seconds since 1970), `busy_until` the lease of the worker that is sending,
    `blocked_until` the end of a pause that the product asked for.
    """

    working_data: ClassVar[str] = "How fast a robot may be spoken to; nothing is proved by it."

    bot = models.OneToOneField(Bot, on_delete=models.CASCADE, primary_key=True, related_name="pace")
    stamps = models.JSONField(default=list)
    busy_until = models.DateTimeField(null=True, blank=True)
    blocked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.bot_id)
