"""What a person wants to hear of, and how."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from ledger.actions import step
from ledger.exceptions import Invalid, NotPermitted
from notifications.kinds import Kind
from notifications.models import Notification, Preference

CHANNELS = (Notification.Channel.IN_APP, Notification.Channel.EMAIL)
Choice = tuple[str, str]


def choose(*, actor: Actor, wanted: Collection[Choice]) -> None:
    """Set by which channels each kind of event reaches the actor: exactly the (kind, channel) pairs of `wanted`.

    Warnings stay in the portal for everybody: whoever is warned answers for the record (5.4.6).
    """
    if actor.user is None:
        raise NotPermitted(_("Sign in first."))
    possible = {(kind, channel) for kind in Kind.values for channel in CHANNELS}
    if not set(wanted) <= possible:
        raise Invalid({"": [_("Choose from the kinds and channels of the page.")]})
    with step(
        User, actor.user.pk, version=None, signature=actor.signature(), action="choose_notifications", clause="",
        bump=False,
    ) as taken:  # fmt: skip
        chosen = set(wanted) | {(Kind.WARNING.value, Notification.Channel.IN_APP)}
        taken.note(chosen=sorted(f"{kind}.{channel}" for kind, channel in chosen))
        Preference.objects.bulk_create(
            [
                Preference(user=actor.user, kind=kind, channel=channel, wanted=(kind, channel) in chosen)
                for kind, channel in sorted(possible)
            ],
            update_conflicts=True,
            unique_fields=["user", "kind", "channel"],
            update_fields=["wanted"],
        )
