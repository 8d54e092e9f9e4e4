"""飞书: signed with time stamp and secret as key over nothing, inside the body; busy at full and half hours."""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256

from notifications.http import Reply
from notifications.outcomes import Outcome, Sent
from notifications.products.base import Call, Product, Push, code_outcome, encoded, key_in
from notifications.products.escaping import fitting, harmless

HOST = "open.feishu.cn"
LONGEST = 18 * 1024
# 9499 a body that it does not take, 19001 an unknown robot, 19002 a message that it does not take, 19021 signature,
# 19022 address list, 19024 key word, 19036 a robot that is switched off or gone.
NEVER = frozenset({9499, 19001, 19002, 19021, 19022, 19024, 19036})
BUSY = {11232: 60, 11233: 60}
# The same code says both; only the words tell.
BAD_REQUEST, TOO_MANY = 9499, b"too many request"


def signature(secret: str, timestamp: int) -> str:
    """HMAC-SHA256 in base64 over the empty message, under time stamp (seconds) and secret."""
    return b64encode(hmac.digest(f"{timestamp}\n{secret}".encode(), b"", sha256)).decode()


def _key(url: str) -> str:
    return key_in(url, HOST, r"/open-apis/bot/v2/hook/(?P<key>[\w-]{8,200})")


def _call(key: str, secret: str, push: Push, at: datetime) -> Call:
    words = "\n".join([harmless(push.title), *map(harmless, push.lines)])
    link = f"\n{harmless(push.link_words)} {push.link}" if push.link else ""
    text = fitting(words, LONGEST - len(link.encode())) + link
    content: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        timestamp = int(at.timestamp())
        content = {"timestamp": str(timestamp), "sign": signature(secret, timestamp), **content}
    return Call(f"https://{HOST}/open-apis/bot/v2/hook/{key}", encoded(content))


def _outcome(reply: Reply) -> Outcome:
    # Robots of the first generation answer {"StatusCode": 0}.
    busy = BUSY | {BAD_REQUEST: 60} if TOO_MANY in reply.body.lower() else BUSY
    return code_outcome(reply, "code", "StatusCode", never=NEVER, busy=busy) or Sent()


PRODUCT = Product(HOST, _key, _call, _outcome, limits=((100, 60.0), (5, 1.0)), avoids_full_hours=True)
