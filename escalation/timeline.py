"""Pieces of the sentences by which warnings are told, a person's as well as the system's."""

from __future__ import annotations

from django.utils.translation import gettext

from incidents.verbs.timeline import HistoryEntry, Names, filled, listed, way


def recipients(entry: HistoryEntry, names: Names) -> str:
    """Whom a warning went to, each person once."""
    rows = entry.rows.get("escalation.warningrecipient", [])
    people = [names.person(row.number("user")) or names.contact(row.number("contact")) for row in rows]
    return listed(list(dict.fromkeys(people)))


def words_to_customer(entry: HistoryEntry) -> str:
    """What the customer was told at the same time, the way before the words."""
    row = entry.row("incidents.communication")
    full = gettext("To the customer, %(way)s: %(text)s")
    return filled(full, row.text("text"), way=way(row.text("way")), text=row.text("text"))
