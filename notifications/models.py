"""The outbox: what somebody must hear of, written in the transaction of what happened."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Notification(models.Model):
    """One event for one recipient by one channel.

    `event` is a stable key ("warning.resolution.75") that `wording` puts into a sentence. `data` holds numbers and
    times only, never what identifies a customer. `cycle` tells repetitions of the same event apart.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("Portal")
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Chat")

    class Status(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("notification", "Queued")
        SENT = "sent", pgettext_lazy("notification", "Sent")
        FAILED = "failed", pgettext_lazy("notification", "Failed, will be tried again")
        CANCELLED = "cancelled", pgettext_lazy("notification", "Cancelled")
        DEAD = "dead", pgettext_lazy("notification", "Given up")

    event = models.CharField(max_length=60)
    stream = models.CharField(max_length=100)
    number = models.CharField(max_length=40)
    threshold = models.PositiveSmallIntegerField(default=0)
    cycle = models.PositiveIntegerField(default=1)
    recipient = models.CharField(max_length=60)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications"
    )
    contact = models.ForeignKey(
        "accounts.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="notifications"
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.IN_APP)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)

    class Meta:
        constraints = [
            # `recipient` is the stream of user or contact, so that the fence has no empty column to slip through.
            models.UniqueConstraint(
                fields=["event", "stream", "threshold", "cycle", "recipient", "channel"], name="notification_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, contact__isnull=True) | Q(user__isnull=True, contact__isnull=False),
                name="notification_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | ~Q(status="sent") & Q(sent_at__isnull=True),
                name="notification_sent_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "-sent_at", "-id"],
                name="notification_bell",
                condition=Q(status="sent", channel="in_app"),
            ),
            models.Index(
                fields=["user"],
                name="notification_unread",
                condition=Q(status="sent", channel="in_app", seen_at__isnull=True),
            ),
            models.Index(fields=["channel", "held_until"], name="notification_due", condition=Q(status="queued")),
            models.Index(fields=["stream"], name="notification_waiting", condition=Q(status="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.stream} → {self.recipient}"
