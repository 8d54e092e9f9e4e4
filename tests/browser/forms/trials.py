"""Every way in which a form can be sent, and what the contract asks of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.models import Session

from tests.browser.forms.hand import Hand, changed, rows, until, wanted
from tests.browser.forms.scripts import CHOSEN, DRAFTS, FORGET, LEAVE, SENT, UNFOLD


def by_control_enter(hand: Hand) -> None:
    """Sends what is chosen, or by the only button, or by the one that shows the key."""
    page, buttons = hand.page, hand.facts["buttons"]

    def press() -> None:
        page.locator("[data-tried] [data-first]").focus() if hand.facts["first"] else hand.button(hand.main).focus()
        page.keyboard.press("Control+Enter")

    ways = [at for at, one in enumerate(buttons) if one["way"]]
    if not hand.facts["first"]:
        hand.sends_by(press, hand.main, "Ctrl+Enter on the button")
    elif not ways and hand.facts["byKey"] >= 0:
        hand.sends_by(press, hand.facts["byKey"], "Ctrl+Enter")
    else:
        hand.nothing_by(press, "Ctrl+Enter without a choice")
        wanted(page.inner_text("#announce").strip(), "Ctrl+Enter without a choice says nothing")
    for at in ways:
        hand.blur()
        hand.nothing_by(lambda at=at: page.keyboard.press(buttons[at]["letter"]), "the key of a choice")
        wanted(page.evaluate(CHOSEN) == [buttons[at]["value"]], "the key of a choice chose another one")
        hand.sends_by(press, at, f"Ctrl+Enter on {buttons[at]['value']}")


def by_access_keys(hand: Hand) -> None:
    """A letter chooses or presses its button; without one, space presses the button that has the focus."""
    for at, one in enumerate(hand.facts["buttons"]):
        hand.blur()
        if one["way"] and one["letter"]:
            hand.nothing_by(lambda one=one: hand.page.keyboard.press(one["letter"]), "the key of a choice")
        elif one["letter"]:
            hand.sends_by(lambda one=one: hand.page.keyboard.press(one["letter"]), at, "the button's letter")
        hand.button(at).focus()
        hand.sends_by(lambda: hand.page.keyboard.press("Space"), at, "space")


def by_mouse(hand: Hand) -> None:
    for at in range(len(hand.facts["buttons"])):
        hand.sends_by(hand.button(at).click, at, "a click")


def by_enter(hand: Hand) -> None:
    """On a button it presses that one; in a line it sends by the only button there is, or goes on."""
    if hand.facts["line"]:
        line = hand.page.locator("[data-tried] [data-line]")
        if len(hand.facts["buttons"]) > 1 or hand.facts["walks"]:
            hand.nothing_by(lambda: line.press("Enter"), "Enter in a line, with several buttons,")
        else:
            hand.sends_by(lambda: line.press("Enter"), 0, "Enter in a line")
    for at in range(len(hand.facts["buttons"])):
        hand.sends_by(lambda at=at: hand.button(at).press("Enter"), at, "Enter")


def by_two_clicks(hand: Hand) -> None:
    hand.sends_by(hand.button(hand.main).dblclick, hand.main, "a double click")


def after_network(hand: Hand) -> None:
    """Told where one is, and everything typed is still there and kept."""
    hand.sends_by(hand.button(hand.main).click, hand.main, "a click")
    until(lambda: hand.page.locator("#failed:not([hidden])").count(), hand.page, "nobody was told of the network")
    hand.still_there("the network was lost")


def beside_another_tab(hand: Hand) -> None:
    """A form of its own with nothing of this one's text in it, and with a draft of its own."""
    own, typed, kept = hand.page, hand.typed, hand.page.evaluate(DRAFTS)
    first = hand.facts["key"]
    hand.page = own.context.new_page()
    try:
        hand.page.goto(hand.path)
        hand.form.opens(hand)
        other = hand.arrive()["key"]
        wanted(other != first, "another tab shows the same opened form")
        wanted(hand.shown() == hand.blank or typed == hand.blank, f"another tab opens with {hand.shown()}")
        if typed != hand.blank:
            hand.fill()
            hand.page.evaluate(LEAVE)
    finally:
        hand.page.close()
        hand.page = own
    hand.arrive()
    if typed != hand.blank:
        # What one tab keeps reaches the others a moment later.
        until(lambda: len(hand.page.evaluate(DRAFTS)) > len(kept), hand.page, "another tab keeps nothing")
    hand.others = [each for each in hand.page.evaluate(DRAFTS) if each not in kept]
    wanted(len(hand.others) == (typed != hand.blank), f"another tab keeps {hand.others}")
    hand.still_there("another tab was open")


def after_reload(hand: Hand) -> None:
    """The same form with the same text; and the address that it is sent to can be loaded too."""
    hand.page.reload()
    key = hand.facts["key"]
    hand.arrive()
    wanted(hand.facts["key"] == key, "after a reload it is another form")
    until(lambda: hand.shown() == hand.typed, hand.page, f"a reload left {hand.shown()} of {hand.typed}")
    answer = hand.client().get(urlsplit(hand.facts["action"]).path, follow=True)
    wanted(answer.status_code == 200, f"{hand.facts['action']} answers {answer.status_code} to a reload")


def after_the_session(hand: Hand) -> None:
    """Costs a sign-in and nothing else; then it is saved once, and with it the draft goes."""
    page, context = hand.page, hand.page.context
    hand.attach()
    cookies = [each for each in context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME]
    kept = list(Session.objects.values("session_key", "session_data", "expire_date"))
    Session.objects.all().delete()
    try:
        hand.button(hand.main).click()
        told = "#failed [data-sign-in]:not([hidden])"
        until(lambda: page.locator(told).count(), page, "nobody was told of the session")
        hand.still_there("the session had ended")
    finally:
        Session.objects.bulk_create(Session(**each) for each in kept)
        context.add_cookies(cookies)
    # Signed in again in another window: the session is there, the token of this page is an old one's.
    context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    hand.sent = page.evaluate(SENT, [hand.form.name, hand.main])
    hand.leaves(lambda: page.click("[data-retry]"))
    hand.saved = rows()
    if not hand.form.saves:
        wanted(hand.saved == hand.before, f"it has stored {changed(hand.before)}")
        return
    left = page.evaluate(DRAFTS)
    wanted(set(left) <= set(hand.others), f"saved, and yet there is a draft: {left}")
    wanted(left == hand.others, "saved, and with it went the draft of another tab")
    page.evaluate(FORGET)
    wanted(hand.saved["ledger.SentForm"] == hand.before["ledger.SentForm"] + 1, "the form was not counted once")


def after_going_back(hand: Hand) -> None:
    """What was saved is not saved again: neither by the same request, nor by the form that the way back shows."""
    data: dict[str, list[Any]] = {}
    for name, value in hand.sent:
        data.setdefault(name, []).append(value)
    for name, file in hand.files.items():
        file.seek(0)
        data[name] = [file]
    answer = hand.client().post(urlsplit(hand.facts["action"]).path, data)
    wanted(answer.headers.get("Already-Saved"), f"sent again, the same form is answered {answer.status_code}")
    wanted(rows() == hand.saved, f"sent again, the same form has stored {changed(hand.saved)}")
    hand.page.go_back()
    hand.page.wait_for_load_state()
    if not hand.page.evaluate(UNFOLD, hand.form.name) or hand.arrive()["key"] != dict(hand.sent)["opened_form"]:
        return
    hand.fill()
    hand.attach()
    hand.button(hand.main).click()
    saved = "#failed:has-text('已保存过')"
    until(lambda: hand.page.locator(saved).count(), hand.page, "nobody was told that it is saved")
    wanted(rows() == hand.saved, f"after the way back, the form has stored {changed(hand.saved)}")


def told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]


TRIALS: dict[str, Callable[[Hand], None]] = {
    "Ctrl+Enter": by_control_enter,
    "access keys": by_access_keys,
    "mouse": by_mouse,
    "Enter": by_enter,
    "double send": by_two_clicks,
    "network lost": after_network,
    "two tabs": beside_another_tab,
    "reload": after_reload,
    "session ended": after_the_session,
    "back button": after_going_back,
}
WITHOUT_NETWORK = ("Ctrl+Enter", "access keys", "mouse", "Enter", "double send", "network lost")


def tried(hand: Hand) -> Iterator[tuple[str, str]]:
    """Each way that applies to the form, in order, with what went wrong by it."""
    for way, trial in TRIALS.items():
        if way in hand.form.without:
            continue
        try:
            if way in WITHOUT_NETWORK:
                hand.lose_network()
            trial(hand)
            yield way, ""
        except Exception as error:
            yield way, told(error)
        finally:
            if way in WITHOUT_NETWORK:
                hand.find_network()
