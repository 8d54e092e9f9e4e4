"""The outbox: what somebody must hear of, written in the transaction of what happened."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.models.bots import Bot


class Reason(models.TextChoices):
    """Why a message was not delivered, or not yet."""

    WITHDRAWN = "withdrawn", _("What it was about is settled")
    INACTIVE = "inactive", _("The recipient has left, or the robot is switched off")
    NO_ADDRESS = "no_address", _("The recipient has no e-mail address")
    LOOP = "loop", _("The address is the desk's own")
    UNWORDED = "unworded", _("The message could not be written")
    SEALED = "sealed", _("The secret cannot be read with the present keys")
    NO_SERVER = "no_server", _("No mail server is set")
    FORBIDDEN = "forbidden", _("The address is not allowed")
    UNREACHABLE = "unreachable", _("The server could not be reached")
    SLOW = "slow", _("The server did not answer in time")
    BUSY = "busy", _("The product allows no more messages at the moment")
    TEMPORARY = "temporary", _("The server could not take it now")
    REFUSED = "refused", _("The server refused it")
    ODD_ANSWER = "odd_answer", _("The server's answer was not understood")
    TOO_OLD = "too_old", _("It could not be delivered for a day")


class Notification(models.Model):
    """One event for one recipient by one channel.

    `event` is a stable key ("warning.resolution.75") that `wording` puts into a sentence. `data` holds numbers and
    times only, never what identifies a customer; `text` is the letter to a customer's contact. `cycle` tells
    repetitions of the same event apart.

    While it waits, `next_attempt_at` says when a worker may take it; a worker that does sets `claimed_at` and moves
    `next_attempt_at` to the end of its lease. `attempts` numbers these takings: a result counts only under the
    number that it was taken with. `failures` counts tries that failed, `repeats` those whose end nobody knows, so that
    the message may have arrived before.
    """

    # Told of by its key, in the chain of what it is about or of a batch; what is on its way proves nothing yet.
    told_by_key: ClassVar[bool] = True
    unrecorded: ClassVar[tuple[str, ...]] = (
        *("next_attempt_at", "claimed_at", "sent_at", "seen_at", "attempts", "failures", "repeats"),
        *("status", "reason", "detail"),
    )

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("Portal")
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Chat")
        WEBHOOK = "webhook", _("Webhook")

    class Status(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("notification", "Queued")
        SENT = "sent", pgettext_lazy("notification", "Sent")
        FAILED = "failed", pgettext_lazy("notification", "Failed, will be tried again")
        CANCELLED = "cancelled", pgettext_lazy("notification", "Cancelled")
        DEAD = "dead", pgettext_lazy("notification", "Given up")

    event = models.CharField(max_length=60)
    stream = models.CharField(max_length=100)
    # That of a record, of a contract, or the name of a calendar or robot.
    number = models.CharField(max_length=100)
    threshold = models.PositiveSmallIntegerField(default=0)
    cycle = models.PositiveIntegerField(default=1)
    recipient = models.CharField(max_length=60)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications"
    )
    contact = models.ForeignKey(
        "accounts.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="notifications"
    )
    bot = models.ForeignKey(Bot, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.IN_APP)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=320, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # `recipient` is the stream of user, contact or robot: the fence has no empty column to slip through.
            models.UniqueConstraint(
                fields=["event", "stream", "threshold", "cycle", "recipient", "channel"], name="notification_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, contact__isnull=True, bot__isnull=True)
                | Q(user__isnull=True, contact__isnull=False, bot__isnull=True)
                | Q(user__isnull=True, contact__isnull=True, bot__isnull=False),
                name="notification_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | ~Q(status="sent") & Q(sent_at__isnull=True),
                name="notification_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "failed"], next_attempt_at__isnull=False)
                | ~Q(status__in=["queued", "failed"]) & Q(next_attempt_at__isnull=True, claimed_at__isnull=True),
                name="notification_waits_until",
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
            models.Index(
                fields=["channel", "next_attempt_at"],
                name="notification_due",
                condition=Q(next_attempt_at__isnull=False),
            ),
            models.Index(fields=["stream"], name="notification_waiting", condition=Q(next_attempt_at__isnull=False)),
            models.Index(fields=["-id"], name="notification_dead", condition=Q(status="dead")),
            # What has left the house (notifications.views.letters).
            models.Index(
                fields=["-id"], name="notification_delivered", condition=~Q(channel="in_app") & Q(status="sent")
            ),
            models.Index(
                fields=["bot", "next_attempt_at"],
                name="notification_bot",
                condition=Q(bot__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.stream} → {self.recipient}"
