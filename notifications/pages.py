"""Where a message leads: to the page on which the matter is taken up."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from notifications.wording import event

# What a record of these kinds is about stands on a page that is found by its key.
KEYED = {"calendar": "calendar", "contract": "contract"}
PAGES = {"declaration": "record", "article": "article", "review": "audit-findings"}


def address_of(key: str, *, stream: str, number: str) -> str:
    """The page of the event `key`: where its reader decides or signs, else of what it is about; empty without one."""
    kind, _colon, pk = stream.partition(":")
    page = event(key).page or PAGES.get(kind, "")
    try:
        return reverse(KEYED[kind], args=[pk]) if kind in KEYED else reverse(page, args=[number])
    except NoReverseMatch:
        return ""
