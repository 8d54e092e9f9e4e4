"""Robots of departments: made, changed, tried out. Their secrets go in and never come out."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from accounts.actions.checks import checked, required
from accounts.actors import Actor
from accounts.models import Department
from base.clock import now
from ledger.actions import RecordChange, again_if_raced, attempt, create, step, tell_of
from ledger.exceptions import Invalid
from notifications import access
from notifications.kinds import Kind
from notifications.models import Bot, Notification, Pace
from notifications.outbox import new_message_id
from notifications.products import PRODUCTS, WrongAddress, webhook
from notifications.sealing import reseal, seal

LEVELS = (1, 2, 3, 4)
SEALED = ("sealed_address", "sealed_secret")


@dataclass(frozen=True)
class Setting:
    """How a robot is to be. Empty `address` or `secret` keeps what it has; a repr shows neither."""

    name: str
    department: Department
    kinds: Iterable[str]
    levels: Iterable[int]
    is_active: bool = True
    address: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


@again_if_raced
def create_bot(*, actor: Actor, product: str, setting: Setting) -> Bot:
    """Let messages of a department go to a robot or a webhook as well."""
    with attempt(actor.signature(), action="create_bot", stream="bot:new") as tried:
        tried.signature = actor.signature(access.require_keep_channels(actor))
        required({"name": setting.name, "address": setting.address})
        if product not in Bot.Product.values:
            raise Invalid({"product": [_("Choose one of the products.")]})
        bot = Bot(product=product)
        _set(bot, setting)
        checked(bot)
        with create(bot, signature=tried.signature, action="create_bot", clause="") as taken:
            taken.add(Pace(bot=bot))
        return bot


@again_if_raced
def change_bot(bot_id: int, *, actor: Actor, version: int | None, setting: Setting) -> Bot:
    """Change what a robot gets, where it is, or switch it off; what waits for it then is cancelled when due."""
    with step(Bot, bot_id, version=version, signature=actor.signature(), action="change_bot", clause="") as taken:
        taken.signature = actor.signature(access.require_keep_channels(actor))
        required({"name": setting.name})
        _note_new_secrets(taken, setting)
        _set(taken.record, setting)
        checked(taken.record)
    return taken.record


def test_bot(bot_id: int, *, actor: Actor) -> Notification:
    """Send the robot a message that only says that it works, on the way that all messages take."""
    with step(
        Bot, bot_id, version=None, signature=actor.signature(), action="test_bot", clause="", bump=False
    ) as taken:
        taken.signature = actor.signature(access.require_keep_channels(actor))
        bot, at = taken.record, now()
        message = Notification.objects.create(
            event="delivery.test",
            stream=bot.stream,
            number=bot.name,
            cycle=1 + Notification.objects.filter(bot=bot, event="delivery.test").count(),
            recipient=bot.stream,
            bot=bot,
            channel=bot.channel,
            message_id=new_message_id(),
            created_at=at,
            next_attempt_at=at,
        )
        tell_of(message)
        return message


def reseal_bots(*, actor: Actor) -> int:
    """Encrypt every secret under the newest key; how many robots were done. Raises `CannotOpen`."""
    done = 0
    for bot_id in Bot.objects.order_by("pk").values_list("pk", flat=True):
        with step(
            Bot, bot_id, version=None, signature=actor.signature(), action="reseal_bot", clause="", bump=False
        ) as taken:
            for name in SEALED:
                setattr(taken.record, name, reseal(getattr(taken.record, name)))
            Bot.objects.filter(pk=bot_id).update(**{name: getattr(taken.record, name) for name in SEALED})
        done += 1
    return done


def _set(bot: Bot, setting: Setting) -> None:
    bot.name, bot.department, bot.is_active = setting.name.strip(), setting.department, setting.is_active
    bot.kinds, bot.levels = sorted(set(setting.kinds)), sorted(set(setting.levels))
    if Bot.objects.filter(name=bot.name).exclude(pk=bot.pk).exists():
        raise Invalid({"name": [_("Another robot has this name.")]})
    if not bot.kinds or not set(bot.kinds) <= set(Kind.values):
        raise Invalid({"kinds": [_("Choose at least one kind of event.")]})
    if not bot.levels or not set(bot.levels) <= set(LEVELS):
        raise Invalid({"levels": [_("Choose at least one level.")]})
    if setting.address:
        _set_address(bot, setting.address)
    if setting.secret:
        bot.sealed_secret = seal(_secret(bot, setting.secret.strip()))
    if bot.product == Bot.Product.WEBHOOK and not bot.sealed_secret:
        raise Invalid({"secret": [_("A webhook needs a secret, so that its receiver can check who sends.")]})


def _set_address(bot: Bot, address: str) -> None:
    product = PRODUCTS[bot.product]
    try:
        key = product.key_of(address)
    except WrongAddress:
        host = product.host or "https://…"
        raise Invalid(
            {"address": [_("This is not an address of this product. It begins with %(host)s.") % {"host": host}]}
        ) from None
    bot.host = product.host or urlsplit(key).hostname or ""
    bot.sealed_address = seal(key)


def _secret(bot: Bot, secret: str) -> str:
    if bot.product != Bot.Product.WEBHOOK:
        return secret
    try:
        strong = len(b64decode(secret.removeprefix(webhook.PREFIX), validate=True)) >= 24
    except (NotBase64, ValueError):
        strong = False
    if not strong:
        raise Invalid({"secret": [_("Write whsec_ and at least 24 random bytes in base64.")]})
    return secret


def _note_new_secrets(taken: RecordChange[Bot], setting: Setting) -> None:
    """That a secret was replaced stands in the ledger, never which."""
    taken.note(address_replaced=bool(setting.address), secret_replaced=bool(setting.secret))
