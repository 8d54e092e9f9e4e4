"""The products whose robots the desk speaks to, each with its address, signature, limits and answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from notifications.models import Bot
from notifications.products import dingtalk, feishu, webhook, wecom
from notifications.products.base import Call, Product, Push, WrongAddress

PRODUCTS: Mapping[str, Product] = {
    Bot.Product.WECOM: wecom.PRODUCT,
    Bot.Product.DINGTALK: dingtalk.PRODUCT,
    Bot.Product.FEISHU: feishu.PRODUCT,
    Bot.Product.WEBHOOK: webhook.PRODUCT,
}


def call_of(product: str, address: str, secret: str, push: Push, at: datetime) -> Call:
    """What to post for this message at this time."""
    return PRODUCTS[product].call(address, secret, push, at)


__all__ = ["PRODUCTS", "Call", "Product", "Push", "WrongAddress", "call_of"]
