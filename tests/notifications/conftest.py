from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Contact, Customer, Department, User
from notifications import http
from tests.notifications.servers import HttpsHost, MailSink


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(code="D1", name="一部")


@pytest.fixture
def user(department: Department) -> User:
    return User.objects.create(username="liu", employee_number="1", name="刘思远", department=department)


@pytest.fixture
def colleague(department: Department) -> User:
    return User.objects.create(username="chen", employee_number="2", name="陈予安", department=department)


@pytest.fixture
def contact(department: Department) -> Contact:
    customer = Customer.objects.create(code="C1", name="示例银行", department=department)
    return Contact.objects.create(customer=customer, code="C1-P1", name="沈亦舟")


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailSink]:
    """A mail server of our own, to which the desk sends."""
    sink = MailSink()
    sink.start()
    settings.OUTGOING, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", sink.port
    settings.DEFAULT_FROM_EMAIL = "服务台 <desk@desk.example>"
    yield sink
    sink.stop()


@pytest.fixture
def https(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HttpsHost]:
    """An https host that every name leads to; it is the three products and one of our own."""
    host = HttpsHost(tmp_path, "qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn", "hook.example")
    settings.OUTGOING, settings.WEBHOOK_NETWORKS = True, ["127.0.0.0/8"]
    settings.OUTGOING_CA_FILE = str(host.ca_file)
    monkeypatch.setattr(http, "resolve", lambda name, port: [("127.0.0.1", host.port)])
    yield host
    host.stop()
