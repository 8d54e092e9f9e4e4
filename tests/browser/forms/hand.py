"""One form of the desk in the hand of its person: opened, filled in, sent, and what the desk holds afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.test import Client
from playwright.sync_api import Error as PlaywrightError

from ledger.models import Entry, Payload, Unsealed
from tests.browser.forms import Form
from tests.browser.forms.scripts import DRAFTS, FACTS, FILL, SHOWN, UNFOLD
from tests.firm import client_of

SECONDS = 8.0


class Fault(AssertionError):
    """What the form did against the contract."""


def wanted(truth: object, words: str) -> None:
    if not truth:
        raise Fault(words)


def until(found: Callable[[], Any], page: Any, words: str) -> Any:
    """What `found` gives once it gives something, while the page works on."""
    end = time.monotonic() + SECONDS
    while not (result := found()):
        wanted(time.monotonic() < end, f"{words}, at {page.url}")
        page.wait_for_timeout(20)
    return result


def rows() -> dict[str, int]:
    """How much stands in each table, in one statement, as it is asked often.

    A session is no matter of a form, nor is the note of a refusal.
    """
    left_out = (Session, Entry, Payload, Unsealed)
    tables = {each._meta.label: each._meta.db_table for each in apps.get_models() if each not in left_out}
    counts = [f"SELECT '{label}', COUNT(*) FROM {table}" for label, table in tables.items()]
    counts.append(f"SELECT 'Entry', COUNT(*) FROM {Entry._meta.db_table} WHERE stream NOT LIKE 'security:%'")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts))
        return dict(cursor.fetchall())


class Hand:
    """A form that its person has opened; the ways in which it is tried stand in trials.py."""

    def __init__(self, person: Any, form: Form) -> None:
        self.person, self.page, self.form = person, person.page, form
        self.path = form.page()
        given = form.values()
        self.values = {name: value for name, value in given.items() if not isinstance(value, UploadedFile)}
        self.files = {name: value for name, value in given.items() if isinstance(value, UploadedFile)}
        self.posts: list[str] = []
        self.others: list[str] = []
        self.sent: list[tuple[str, str]] = []
        self.saved: dict[str, int] = {}
        self.page.goto(self.path)
        form.opens(self)
        self.arrive()
        self.blank = self.shown()
        self.fill()
        self.attach()
        self.typed = self.shown()
        self.arrive()
        self.before = rows()

    # What is on the page

    def arrive(self) -> dict[str, Any]:
        """What the form looks like, which is marked for the trials."""
        until(lambda: self.page.evaluate(UNFOLD, self.form.name), self.page, "the form is not on its page")
        self.facts = self.page.evaluate(FACTS, self.form.name)
        wanted(self.facts["buttons"], "the form has no button")
        return self.facts

    def shown(self) -> list[list[str]]:
        """What stands in the fields that are typed into, once nothing is being loaded."""
        asked = [self.form.name, list(self.values)]
        return until(lambda: self.page.evaluate(SHOWN, asked), self.page, "the form has gone") if self.values else []

    def fill(self) -> None:
        """Type it; a field that was loaded in the meantime is typed into once more."""
        for _again in range(3):
            self.page.evaluate(FILL, [self.form.name, self.values])
            before = self.shown()
            self.page.wait_for_timeout(20)
            if before == self.shown():
                return

    def attach(self) -> None:
        """What no draft keeps."""
        for name, value in self.form.secret.items():
            self.page.fill(f"[data-tried] [name={name}]", value)
        for name, file in self.files.items():
            file.seek(0)
            content = {"name": file.name, "mimeType": file.content_type, "buffer": file.read()}
            self.page.set_input_files(f"[data-tried] [name={name}]", content)

    def button(self, at: int) -> Any:
        return self.page.locator(f"[data-tried] [data-at='{at}']")

    @property
    def main(self) -> int:
        if not self.form.button:
            return int(self.facts["main"])
        return int(self.page.locator(f"[data-tried] {self.form.button}").first.get_attribute("data-at"))

    def blur(self) -> None:
        self.page.evaluate("document.activeElement?.blur()")

    # What leaves it

    def lose_network(self) -> None:
        def lose(route: Any) -> None:
            request = route.request
            if request.method == "POST" and urlsplit(request.url).path == urlsplit(self.facts["action"]).path:
                self.posts.append((request.post_data_buffer or b"").decode(errors="replace"))
                self.page.wait_for_timeout(0)
                route.abort()
            else:
                route.fallback()

        self.page.route("**/*", lose)

    def find_network(self) -> None:
        self.page.unroute("**/*")

    def nothing_by(self, act: Callable[[], Any], words: str) -> None:
        """Nothing leaves the page by this act."""
        self.posts.clear()
        act()
        self.page.wait_for_timeout(80)
        wanted(not self.posts, f"{words} sent {self.posts}")

    def sends_by(self, act: Callable[[], Any], at: int, words: str) -> None:
        """By this act the form leaves once, with its key and by that button."""
        self.posts.clear()
        act()
        until(lambda: self.posts, self.page, f"{words} sent nothing")
        busy = "!document.querySelector('[data-tried] [aria-busy]')"
        until(lambda: self.page.evaluate(busy), self.page, f"{words} left the button busy")
        wanted(len(self.posts) == 1, f"{words} sent {len(self.posts)} times")
        [sent] = self.posts
        wanted(self.facts["key"] in sent, f"{words} sent the form without its key")
        for each, one in enumerate(self.facts["buttons"]):
            if one["name"] and (one["name"], one["value"]) != ("", ""):
                by = f"{one['name']}={one['value']}" in sent or f'name="{one["name"]}"\r\n\r\n{one["value"]}\r' in sent
                wanted(by == (each == at), f"{words} sent {'' if by else 'not '}by {one['name']}={one['value']}")

    def still_there(self, when: str) -> None:
        wanted(self.page.url == self.address, f"{when}: the page was left for {self.page.url}")
        wanted(self.shown() == self.typed, f"{when}: {self.shown()} is left of {self.typed}")
        if self.typed != self.blank:
            wanted(self.page.evaluate(DRAFTS), f"{when}: nothing is kept on this machine")

    @property
    def address(self) -> str:
        return f"{self.person.office.address}{self.path}"

    def client(self) -> Client:
        return client_of(self.form.who, headers={"hx-request": "true"})

    def leaves(self, act: Callable[[], Any]) -> None:
        """Do it and wait for what follows, be it another page or an answer in its place."""
        self.page.evaluate("window.before = true")
        with self.page.expect_response(lambda answer: answer.request.method == "POST" and answer.status < 400) as saved:
            act()
        moved = "hx-redirect" in saved.value.all_headers()
        until(self.has_arrived if moved else self.is_answered, self.page, "nothing followed")

    def has_arrived(self) -> bool:
        try:
            return bool(self.page.evaluate("!window.before && document.readyState === 'complete'"))
        except PlaywrightError:
            # On its way.
            return False

    def is_answered(self) -> bool:
        return not self.page.locator("#failed:not([hidden]), .htmx-request").count()


def changed(before: dict[str, int]) -> str:
    return json.dumps({name: [before[name], count] for name, count in rows().items() if before[name] != count})
