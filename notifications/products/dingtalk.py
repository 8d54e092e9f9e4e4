"""钉钉: signed with the secret as key over time stamp and secret; over the limit it blocks for ten minutes."""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode

from notifications.http import Reply
from notifications.outcomes import Outcome, Sent
from notifications.products.base import Call, Product, Push, code_outcome, encoded, key_in
from notifications.products.escaping import fitting, harmless

HOST = "oapi.dingtalk.com"
LONGEST = 5000
# 310000 key word, signature or address list; 300001, 300005, 400101 and 400106 an unknown robot; 400102 one that is
# switched off; 400013 a group that is gone; 40035, 43004 and 400105 a body that it does not take; 430101 to 430104
# words or links that it does not let through; 460101 a message that is too long.
NEVER = frozenset(
    {
        310000,
        300001,
        300005,
        400101,
        400102,
        400105,
        400106,
        400013,
        40035,
        43004,
        430101,
        430102,
        430103,
        430104,
        460101,
    }
)
BUSY = {130101: 600, 130102: 600, 410100: 600}


def signature(secret: str, timestamp: int) -> str:
    """HMAC-SHA256 in base64 under the secret; `timestamp` in milliseconds. Still to be URL-encoded."""
    return b64encode(hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), sha256)).decode()


def _key(url: str) -> str:
    return key_in(url, HOST, r"/robot/send\?access_token=(?P<key>[\w-]{8,200})")


def _call(key: str, secret: str, push: Push, at: datetime) -> Call:
    query = {"access_token": key}
    if secret:
        timestamp = int(at.timestamp() * 1000)
        query |= {"timestamp": str(timestamp), "sign": signature(secret, timestamp)}
    title = harmless(push.title, 100)
    words = "\n\n".join([f"**{title}**", *map(harmless, push.lines)])
    link = f"\n\n[{harmless(push.link_words)}]({push.link})" if push.link else ""
    markdown = {"title": title, "text": fitting(words, LONGEST - len(link.encode())) + link}
    body = encoded({"msgtype": "markdown", "markdown": markdown, "at": {"atMobiles": [], "isAtAll": False}})
    return Call(f"https://{HOST}/robot/send?{urlencode(query)}", body)


def _outcome(reply: Reply) -> Outcome:
    return code_outcome(reply, "errcode", never=NEVER, busy=BUSY) or Sent()


PRODUCT = Product(HOST, _key, _call, _outcome, limits=((20, 60.0),))
