"""企业微信: the key is the secret; nothing is signed."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from notifications.http import Reply
from notifications.outcomes import Outcome, Sent
from notifications.products.base import Call, Product, Push, code_outcome, encoded, key_in
from notifications.products.escaping import fitting, harmless

HOST = "qyapi.weixin.qq.com"
LONGEST = 4096
# 93000 unknown robot, 93008 one that is not in the group any more; 40008, 40058 and 40033 a message that it does not
# take, 44004 an empty one, 45002 one that is too long.
NEVER = frozenset({93000, 93008, 40008, 40033, 40058, 44004, 45002})
BUSY = {45009: 60, 45033: 60}


def _key(url: str) -> str:
    return key_in(url, HOST, r"/cgi-bin/webhook/send\?key=(?P<key>[\w-]{8,200})")


def _call(key: str, _secret: str, push: Push, _at: datetime) -> Call:
    words = "\n".join(["**" + harmless(push.title) + "**", *map(harmless, push.lines)])
    link = f"\n[{harmless(push.link_words)}]({push.link})" if push.link else ""
    content = fitting(words, LONGEST - len(link.encode())) + link
    body = encoded({"msgtype": "markdown", "markdown": {"content": content}})
    return Call(f"https://{HOST}/cgi-bin/webhook/send?key={quote(key, safe='')}", body)


def _outcome(reply: Reply) -> Outcome:
    return code_outcome(reply, "errcode", never=NEVER, busy=BUSY) or Sent()


PRODUCT = Product(HOST, _key, _call, _outcome, limits=((20, 60.0),))
