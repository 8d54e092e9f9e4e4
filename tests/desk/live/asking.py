"""A page that is open: loaded once, and asking whether anything is new."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.firm import client_of

MARK = re.compile(r'data-live="(gAAA[^"]+)"')


class OpenPage:
    """One page of one person, with the mark that it has to send."""

    def __init__(self, number: str, path: str = "/", client: Client | None = None, tab: str = "one") -> None:
        self.client, self.path, self.tab = client or client_of(number), path, tab
        self.load()

    def load(self) -> str:
        page = self.client.get(self.path).content.decode()
        found = MARK.search(page)
        assert found
        self.mark = found[1]
        return page

    def ask(self, **headers: str) -> HttpResponse:
        """The answer; its mark is the page's from now on."""
        given = {"Live": "1", "Live-Mark": self.mark, "Live-Tab": self.tab, **headers}
        answer = self.client.get(reverse("live"), headers=given)
        self.mark = answer.headers.get("Live-Mark", self.mark)
        return answer

    def hears(self, **headers: str) -> dict[str, Any]:
        """What is new, after which the page is as new as the answer; nothing for a 204."""
        answer = self.ask(**headers)
        if answer.status_code == 204:
            return {}
        told: dict[str, Any] = answer.json()
        self.mark = told.pop("mark", self.mark)
        return told

    @property
    def sees_news(self) -> bool:
        return bool(self.hears().get("page"))
