"""What is read once a request."""

from __future__ import annotations

from django.test import RequestFactory

from accounts.requests import DeskRequest, once_a_request


def test_each_request_reads_once_also_when_there_is_nothing() -> None:
    asked: list[str] = []

    @once_a_request
    def found(request: DeskRequest) -> None:
        asked.append(request.path)

    for path in ("/a/", "/b/"):
        request = RequestFactory().get(path)
        assert found(request) is found(request) is None
    assert asked == ["/a/", "/b/"]


def test_two_things_are_kept_apart() -> None:
    request = RequestFactory().get("/")
    one, other = once_a_request(_one), once_a_request(_other)
    assert (one(request), other(request), one(request)) == ("one", "other", "one")


def _one(request: DeskRequest) -> str:
    return "one"


def _other(request: DeskRequest) -> str:
    return "other"
