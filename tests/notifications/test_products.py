"""What is sent to each product, and how its answers are read (domain.md section 7)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as patient
from hypothesis import strategies as st

from notifications.http import Reply
from notifications.models import Reason
from notifications.outcomes import Busy, Later, Never, Outcome, Sent
from notifications.products import PRODUCTS, Push, WrongAddress, call_of, dingtalk, feishu, webhook
from notifications.products.escaping import fitting, harmless

# A busy machine is no fault of the code.
UNHURRIED = patient(deadline=None, suppress_health_check=[HealthCheck.too_slow])
AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
LINK = "https://desk.example/records/SD-20261122-001/"
PUSH = Push("id-1", "SD-20261122-001：解决时间已用 90%", ("级别：2", "18:30 到期"), LINK, "打开", {"type": "warning"})
ADDRESSES = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=" + "a1" * 32,
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/5d0a2fca-1111-2222-3333-444455556666",
}
CHATS = sorted(ADDRESSES)


def test_the_signature_of_dingtalk_is_that_of_the_vector() -> None:
    assert dingtalk.signature("SECdemo0123456789", 1700000000000) == "ww0uYz9hgC//la1LzHCxhiH8ja6t5XU0VlJXBRQKVAA="


def test_the_signature_of_feishu_is_that_of_the_vector() -> None:
    assert feishu.signature("demoFeishuSecret", 1700000000) == "2vg3HjBNqw0mZFpBn09APUCnV0tTJf8rEe3ke9gLJPw="


def test_the_signature_of_a_webhook_is_that_of_the_specification() -> None:
    signed = webhook.signature(
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
        "msg_loFOjxBNrRLzqYUf",
        1731705121,
        b'{"event_type":"ping","data":{"success":true}}',
    )
    assert signed == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


def test_dingtalk_carries_time_stamp_and_signature_in_its_address() -> None:
    call = call_of("dingtalk", "token12345", "SECdemo0123456789", PUSH, AT)
    query = parse_qs(urlsplit(call.url).query)
    assert query["timestamp"] == ["1700000000000"]
    assert query["sign"] == ["ww0uYz9hgC//la1LzHCxhiH8ja6t5XU0VlJXBRQKVAA="]
    assert "sign=ww0uYz9hgC%2F%2Fla1LzHCxhiH8ja6t5XU0VlJXBRQKVAA%3D" in call.url
    assert json.loads(call.body)["at"] == {"atMobiles": [], "isAtAll": False}


def test_feishu_carries_them_in_its_body() -> None:
    content = json.loads(call_of("feishu", "hookid123", "demoFeishuSecret", PUSH, AT).body)
    assert content["timestamp"] == "1700000000"
    assert content["sign"] == "2vg3HjBNqw0mZFpBn09APUCnV0tTJf8rEe3ke9gLJPw="
    assert content["msg_type"] == "text"


def test_wecom_signs_nothing() -> None:
    call = call_of("wecom", "key-1234-5678", "", PUSH, AT)
    assert call.url == "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234-5678"
    assert json.loads(call.body)["msgtype"] == "markdown"


def test_a_webhook_is_signed_over_id_time_and_the_very_bytes() -> None:
    secret = webhook.new_secret()
    call = call_of("webhook", "https://hook.example/in", secret, PUSH, AT)
    expected = webhook.signature(secret, "id-1", 1700000000, call.body)
    assert call.headers["webhook-signature"] == expected
    assert json.loads(call.body)["id"] == call.headers["webhook-id"] == "id-1"


# Addresses


@pytest.mark.parametrize("product", CHATS)
def test_the_key_is_taken_out_of_the_pasted_address(product: str) -> None:
    key = PRODUCTS[product].key_of(f"  {ADDRESSES[product]} ")
    assert key in ADDRESSES[product]
    assert PRODUCTS[product].key_of(key) == key
    assert call_of(product, key, "", PUSH, AT).url.startswith(ADDRESSES[product])


@pytest.mark.parametrize("product", CHATS)
def test_another_host_or_path_is_refused(product: str) -> None:
    address, host = ADDRESSES[product], PRODUCTS[product].host
    for wrong in (
        address.replace("https", "http"),
        address.replace(host, f"{host}.example"),
        address.replace(host, f"x@{host}"),
        address.replace(host, f"{host}:8443"),
        address.replace(host, "10.0.0.1"),
        f"https://example.org/?{address}",
        address + "&x=y",
        address + "/../x",
        "",
        "短",
    ):
        with pytest.raises(WrongAddress):
            PRODUCTS[product].key_of(wrong)


@pytest.mark.parametrize("url", ["http://hook.example/", "https://user@hook.example/", "https://hook.example:22/"])
def test_an_address_that_may_not_be_called_is_no_webhook(url: str) -> None:
    with pytest.raises(WrongAddress):
        PRODUCTS["webhook"].key_of(url)


# Texts

HOSTILE = [
    "@all",
    "<@all>",
    '<at user_id="all">所有人</at>',
    "<at id=all></at>",
    "[点我](https://evil.example)",
    "![](https://evil.example/x.png)",
    "https://evil.example",
    "<font color=warning>x</font>",
    "> 引用",
    "# 标题",
    "a\n\n@13800000000",
    "\u202e@all",
    "`x` **y** _z_ ~w~",
]


def written(product: str, text: str) -> str:
    push = Push("id-1", text, (text, text), LINK, text)
    content = json.loads(call_of(product, "key-1234-5678", "", push, AT).body)
    return str(next(content[name] for name in ("markdown", "content") if name in content))


def check_harmless(product: str, text: str) -> None:
    told = written(product, text)
    told = told.replace(LINK, "")
    assert "@" not in told
    assert "<" not in told
    assert "://" not in told
    assert not re.search(r"\]\([^)]", told)


@pytest.mark.parametrize("product", CHATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_mentions_links_and_formats_nothing(product: str, text: str) -> None:
    check_harmless(product, text)


@pytest.mark.parametrize("product", CHATS)
@UNHURRIED
@given(text=st.text(alphabet=st.sampled_from("@<>[]()!`*_~#|\\:/&ahttpsl 所\n\u202e"), max_size=40))
def test_no_text_mentions_links_or_formats(product: str, text: str) -> None:
    check_harmless(product, text)


@UNHURRIED
@given(st.text(max_size=900))
def test_a_harmless_text_is_one_bounded_line_and_stays_so(text: str) -> None:
    once = harmless(text)
    assert len(once) <= 500
    assert "\n" not in once
    assert harmless(once) == once.strip()


@UNHURRIED
@given(st.text(max_size=90), st.integers(0, 120))
def test_a_fitting_text_keeps_whole_signs(text: str, size: int) -> None:
    kept = fitting(text, size)
    assert text.startswith(kept)
    assert len(kept.encode()) <= size


@pytest.mark.parametrize("product", CHATS)
def test_a_long_text_stays_within_the_product_and_keeps_its_link(product: str) -> None:
    push = Push("id", "长" * 900, ("长" * 900,) * 90, LINK, "打开")
    body = call_of(product, "key-1234-5678", "", push, AT).body
    assert LINK.encode() in body
    assert len(body) < 20 * 1024


# Answers


def outcome(product: str, status: int, content: Any, retry_after: int = 0) -> Outcome:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return PRODUCTS[product].outcome(Reply(status, body, retry_after))


OK = {"wecom": {"errcode": 0, "errmsg": "ok"}, "dingtalk": {"errcode": 0}, "feishu": {"code": 0, "msg": "success"}}


@pytest.mark.parametrize("product", CHATS)
def test_only_code_zero_means_delivered(product: str) -> None:
    assert outcome(product, 200, OK[product]) == Sent()
    for odd in (
        b"",
        b"<html>",
        {},
        [],
        {"errcode": "0", "code": "0"},
        {"errcode": None},
        {"errcode": False, "code": False},
    ):
        found = outcome(product, 200, odd)
        assert isinstance(found, Later)
        assert (found.reason, found.doubtful) == (Reason.ODD_ANSWER, True)
    assert isinstance(outcome(product, 500, OK[product]), Later)
    assert isinstance(outcome(product, 404, OK[product]), Never)
    assert isinstance(outcome(product, 302, OK[product]), Never)


FINAL = {
    "wecom": (93000, 93008, 40008, 40058, 44004, 45002),
    "dingtalk": (310000, 300001, 300005, 400101, 400102, 400013, 430102, 460101),
    "feishu": (9499, 19001, 19021, 19022, 19024, 19036),
}


@pytest.mark.parametrize(("product", "code"), [(product, code) for product in FINAL for code in FINAL[product]])
def test_a_code_that_no_retry_mends_is_final(product: str, code: int) -> None:
    assert isinstance(outcome(product, 200, {"errcode": code, "code": code}), Never)


@pytest.mark.parametrize(
    ("product", "code", "seconds"),
    [("wecom", 45009, 60), ("dingtalk", 130101, 600), ("dingtalk", 410100, 600), ("feishu", 11232, 60)],
)
def test_too_fast_means_wait(product: str, code: int, seconds: int) -> None:
    found = outcome(product, 200, {"errcode": code, "code": code, "msg": "too fast"})
    assert isinstance(found, Busy)
    assert found.seconds == seconds


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"StatusCode": 0, "StatusMessage": "success"}, Sent),
        ({"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}, Sent),
        ({"StatusCode": 0, "code": 19024, "msg": "Key Words Not Found"}, Never),
        ({"StatusCode": 19001}, Never),
        ({"code": 9499, "msg": "Bad Request"}, Never),
        ({"code": 9499, "msg": "too many request"}, Busy),
        ({"code": 9499, "msg": "Too Many Requests", "data": {}}, Busy),
        ({"StatusMessage": "success"}, Later),
    ],
)
def test_feishu_says_it_in_two_ways_and_one_code_says_two_things(answer: Any, expected: type) -> None:
    assert type(outcome("feishu", 200, answer)) is expected


@pytest.mark.parametrize("product", CHATS)
def test_an_unknown_code_is_tried_again(product: str) -> None:
    assert isinstance(outcome(product, 200, {"errcode": -1, "code": -1}), Later)


def test_a_webhook_has_taken_it_with_any_2xx() -> None:
    assert outcome("webhook", 204, b"") == Sent()
    assert outcome("webhook", 429, b"", retry_after=30) == Busy(30, "")
    assert isinstance(outcome("webhook", 500, b""), Later)
    assert isinstance(outcome("webhook", 301, b""), Never)
    assert isinstance(outcome("webhook", 410, b"gone"), Never)
