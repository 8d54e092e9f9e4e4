"""What holds for every request."""

from __future__ import annotations

import pytest
from django.conf import settings as desk
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from accounts.models import Department, User
from config.middleware import LIMITS, NOTE_EVERY, NoStore, RequestLog, TrustedProxies

pytestmark = pytest.mark.urls(__name__)


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.is_authenticated))


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def plain_error(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("error", status=500)


urlpatterns = [path("who/", who), path("broken/", broken), path("language/", include("django.conf.urls.i18n"))]
handler400 = handler403 = handler404 = handler500 = plain_error


@pytest.mark.parametrize("address", ["/who/", "/broken/", "/nowhere/"])
def test_every_page_also_an_error_carries_the_protecting_headers(client, address):
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_request_for_a_foreign_host_is_refused_with_the_headers(client):
    answer = client.get("/who/", headers={"host": "evil.example.org"})
    assert answer.status_code >= 400
    assert answer["Cache-Control"] == "no-store, private"
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_static_files_keep_their_own_headers():
    answer = NoStore(lambda request: HttpResponse(headers={"Cache-Control": "max-age=60"}))
    assert answer(RequestFactory().get("/static/css/desk.css"))["Cache-Control"] == "max-age=60"


def seen_through_proxies(settings, **meta: str) -> HttpRequest:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", **meta)
    TrustedProxies(lambda request: HttpResponse())(request)
    return request


def test_a_forwarded_address_of_a_stranger_counts_for_nothing(settings):
    request = seen_through_proxies(
        settings, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1", HTTP_X_FORWARDED_PROTO="https"
    )
    assert request.META["REMOTE_ADDR"] == "203.0.113.7"
    assert "HTTP_X_FORWARDED_PROTO" not in request.META


def test_our_proxy_tells_the_address_that_it_saw_itself(settings):
    request = seen_through_proxies(
        settings,
        REMOTE_ADDR="10.1.1.1",
        HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7, 10.2.2.2",
        HTTP_X_FORWARDED_PROTO="https",
    )
    assert request.META["REMOTE_ADDR"] == "203.0.113.7"
    assert request.META["HTTP_X_FORWARDED_PROTO"] == "https"


def test_nonsense_in_a_forwarded_address_is_passed_over(settings):
    request = seen_through_proxies(settings, REMOTE_ADDR="10.1.1.1", HTTP_X_FORWARDED_FOR="<script>, , 1.2.3")
    assert request.META["REMOTE_ADDR"] == "10.1.1.1"


@pytest.fixture
def machine_time(monkeypatch):
    """The machine's clock, in seconds, in the hand of the test."""
    time = {"at": 1_000_000_000}
    monkeypatch.setattr("config.middleware.time.time", lambda: time["at"])
    return time


@pytest.fixture
def signed_in(client, machine_time):
    department = Department.objects.create(code="D1", name="Operations")
    client.force_login(User.objects.create(username="ana", name="Ana", department=department))
    assert client.get("/who/").content == b"True"
    return client


@pytest.mark.django_db
def test_an_idle_sign_in_ends(signed_in, machine_time, settings):
    machine_time["at"] += int(settings.SESSION_IDLE_AGE.total_seconds()) + 1
    assert signed_in.get("/who/").content == b"False"


@pytest.mark.django_db
def test_a_sign_in_in_use_ends_at_its_absolute_limit(signed_in, machine_time, settings):
    begin = machine_time["at"]
    while machine_time["at"] + 3600 <= begin + settings.SESSION_COOKIE_AGE:
        machine_time["at"] += 3600
        assert signed_in.get("/who/").content == b"True"
    machine_time["at"] = begin + settings.SESSION_COOKIE_AGE + 1
    assert signed_in.get("/who/").content == b"False"


@pytest.mark.django_db
def test_a_page_that_asks_by_itself_keeps_no_sign_in_alive(signed_in, machine_time, settings):
    begin = machine_time["at"]
    while machine_time["at"] + 900 <= begin + settings.SESSION_IDLE_AGE.total_seconds():
        machine_time["at"] += 900
        assert signed_in.get("/who/", headers={"Live": "1"}).content == b"True"
    machine_time["at"] = begin + int(settings.SESSION_IDLE_AGE.total_seconds()) + 1
    assert signed_in.get("/who/", headers={"Live": "1"}).content == b"False"
    # It did not end it either: the next page that a person opens does.
    assert Session.objects.exists()
    assert signed_in.get("/who/").content == b"False"
    assert not Session.objects.filter(pk=signed_in.session.session_key).exists()


@pytest.mark.django_db
def test_a_sign_in_in_use_stays_beside_a_page_that_asks_by_itself(signed_in, machine_time, settings):
    for _hour in range(4):
        machine_time["at"] += 3600
        assert signed_in.get("/who/").content == b"True"
        assert signed_in.get("/who/", headers={"Live": "1"}).content == b"True"


@pytest.mark.parametrize(("status", "level"), [(204, "debug"), (200, "debug"), (500, "info")])
def test_hundreds_of_open_pages_do_not_fill_the_log(monkeypatch, status, level):
    heard = []
    for name in ("debug", "info"):
        monkeypatch.setattr(f"config.middleware.logger.{name}", lambda *args, name=name, **more: heard.append(name))
    RequestLog(lambda request: HttpResponse(status=status))(RequestFactory().get("/live/", headers={"Live": "1"}))
    RequestLog(lambda request: HttpResponse())(RequestFactory().get("/live/"))
    assert heard == [level, "info"]


@pytest.mark.django_db
def test_a_session_without_a_beginning_is_not_trusted(signed_in):
    session = signed_in.session
    del session[LIMITS]
    session.save()
    assert signed_in.get("/who/").content == b"False"


@pytest.mark.django_db
def test_the_limits_cost_no_statement_on_most_requests(signed_in, machine_time, count_queries):
    within = count_queries(lambda: signed_in.get("/who/"))
    machine_time["at"] += NOTE_EVERY + 1
    assert count_queries(lambda: signed_in.get("/who/")) > within
    assert count_queries(lambda: signed_in.get("/who/")) == within


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"Live": "1"}, {}], ids=["by itself", "by a person"])
def test_what_a_page_asks_by_itself_leaves_the_cookie_of_another_sign_in(
    client: Client, headers: dict[str, str]
) -> None:
    client.cookies[desk.SESSION_COOKIE_NAME] = "ended"
    answer = client.get("/live/", headers=headers)
    assert (desk.SESSION_COOKIE_NAME in answer.cookies) == (not headers)
