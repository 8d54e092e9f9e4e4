"""People at a browser: each with a context of their own, in which they have signed in, who click and type."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.models import User
from base import clock
from tests.firm import PASSWORD, sign_in
from tests.scenes import MONDAY

# Part of the journeys, though the browser's console counts them as errors: answers that say why something cannot be
# done or that the session has ended, and look-ups that are dropped because more was typed or the page was left.
EXPECTED = re.compile(r"status of (401|404|409|412|422)|htmx:(afterRequest|sendAbort|responseError)|Error Code 401")
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


class Office:
    """The desk under test: its address, its time, and whoever sits at a browser."""

    def __init__(self, address: str, new_context: Callable[..., Any]) -> None:
        self.address, self.password = address, PASSWORD
        self.complaints: list[str] = []
        self._new_context = new_context

    def person(self, login: str, **options: Any) -> Person:
        """Somebody of the firm, signed in and at the own desk."""
        person = self._somebody(**options)
        person.has_signed_in(login)
        person.page.goto("/")
        return person

    def newcomer(self, login: str) -> Person:
        """The same for whoever signs in by the form, which is part of the journey."""
        person = self._somebody()
        person.sign_in(login)
        return person

    def _somebody(self, *, viewport: dict[str, int] = DESKTOP, **options: Any) -> Person:
        return Person(self, self._new_context(base_url=self.address, viewport=viewport, **options).new_page())


class Person:
    """One page of one browser in the hand of one person."""

    def __init__(self, office: Office, page: Any) -> None:
        self.office, self.page = office, page
        self.keys = self.clicks = 0
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: office.complaints.append(f"{page.url}: {error}"))
        page.on("console", self._note)

    def _note(self, message: Any) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.office.complaints.append(f"{self.page.url}: {message.text}")

    def has_signed_in(self, login: str) -> None:
        """The cookies that signing in leaves: few tests are about the form, and all begin with it."""
        user, client = User.objects.get(username=login), Client()
        sign_in(client, user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: user.language}
        own = [{"name": name, "value": value, "url": self.office.address} for name, value in cookies.items()]
        self.page.context.add_cookies(own)

    def sign_in(self, login: str) -> None:
        """By the form."""
        self.page.goto("/sign-in/")
        self.page.fill("#id_username", login)
        self.page.fill("#id_password", self.office.password)
        with self.page.expect_navigation():
            self.page.click("form .btn-primary")
        assert "/sign-in/" not in self.page.url

    def goes(self, path: str) -> None:
        """Open an address of the portal and wait until its scripts rest."""
        self.page.goto(path)
        self.page.wait_for_load_state("networkidle")

    def types(self, text: str) -> None:
        """Press the keys of `text`, one by one."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def names_caller(self, digits: str) -> None:
        """Type the end of a number into the form of a call, and take the person whom it finds."""
        self.types(digits)
        self.page.wait_for_selector(f"[role=option][aria-selected=true]:has-text('{digits}')")
        self.presses("Enter")
        self.page.wait_for_selector(".caller-card")

    def clicks_on(self, selector: str) -> None:
        """Click and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def fills(self, **values: str) -> None:
        """Fill in the fields of the step's form by their names: text, choice from a list, or one of several buttons."""
        for name, value in values.items():
            field = self.page.locator(f"#step [name={name}]")
            if field.first.get_attribute("type") == "radio":
                self.picks(f"[name={name}][value='{value}']")
            elif field.first.evaluate("one => one.tagName") == "SELECT":
                field.first.select_option(value)
            else:
                field.first.fill(value)

    def picks(self, selector: str) -> None:
        """Choose one of several by clicking its words, as the button itself may be too small to be seen."""
        self.page.locator(f"#step label:has({selector})").click()

    def finds_on_desk(self, number: str) -> None:
        """Open the step that the own desk offers for this record."""
        self.goes("/")
        row = self.page.locator(".task", has=self.page.locator(f"a[href*='{number}']")).first
        with self.page.expect_navigation():
            row.locator("[data-step]").click()

    def decides(self, choice: str, text: str = "", **values: str) -> None:
        """On the page of a queue: write the reason, fill in what else is asked, press the button."""
        if text:
            self.page.fill("#decision-text", text)
        for name, value in values.items():
            self.page.fill(f"main [name={name}]", value)
        self.clicks_on(f"main [name=choice][value={choice}]")

    def takes(self, verb: str, **values: str) -> None:
        """Take the step that the action bar holds out as the next one, and fill in its form."""
        if self.page.locator(f"#step form[action$='/do/{verb}/']").count():
            self._sends(values)
            return
        button = self.page.locator(".action-bar .btn-primary")
        target = button.evaluate("one => one.getAttribute('href') ?? one.form.getAttribute('action')")
        assert target.endswith(f"/do/{verb}/"), f"the next step is {target}, not {verb}"
        self._goes_to(button, values)

    def chooses(self, verb: str, **values: str) -> None:
        """Take another step of the action bar, behind the dots if it is a rare one."""
        button = self.page.locator(f".action-bar a[href$='/do/{verb}/']").first
        if not button.is_visible():
            self.page.click(".action-bar details.menu > summary")
        self._goes_to(button, values)

    def _goes_to(self, button: Any, values: dict[str, str]) -> None:
        opens = button.evaluate("one => one.tagName") == "A"
        with self.page.expect_navigation():
            button.click()
        if opens:
            self.page.wait_for_selector("#step")
            self._sends(values)

    def _sends(self, values: dict[str, str]) -> None:
        if any(self.page.locator(f"#step .form-fold [name={name}]").count() for name in values):
            self.page.click("#step .form-fold:not([open]) > summary")
        self.fills(**values)
        self.sends()

    def sends(self, button: str = "form[data-main] .btn-primary") -> None:
        """Press the button of the step's form and wait for what comes of it."""
        with self.page.expect_navigation():
            self.page.click(f"#step {button}")

    def reads(self, selector: str = "main") -> str:
        return str(self.page.inner_text(selector))


class ShiftedTime(datetime):
    """The machine's time, moved so that the working day begins when the test does."""

    offset = timedelta()

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return datetime.fromtimestamp(time.time(), tz) + cls.offset


def begin_at(moment: datetime) -> None:
    """Let the desk's time run on from there, in all threads."""
    ShiftedTime.offset = moment - datetime.fromtimestamp(time.time(), UTC)


def later(**duration: float) -> None:
    """Move the desk's time on by a timedelta's keywords (hours=2)."""
    ShiftedTime.offset += timedelta(**duration)


def working_day(monkeypatch: Any) -> None:
    """A Monday at ten for the whole process: a live server answers in threads of its own, which no context reaches."""
    monkeypatch.setattr(clock, "datetime", ShiftedTime)
    begin_at(MONDAY)
