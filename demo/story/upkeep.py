"""What the firm keeps up beside the calls: contracts that are renewed, articles that are approved again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from demo.story.firm import LAST_YEAR, Client, clients, read_data
from demo.story.hours import at_clock, is_working_day

# Before the reminders of ending contracts become pressing.
WEEKS_BEFORE = timedelta(weeks=3)
# For how many years an article is approved again.
HOLDS = 2


def upkeep() -> list[dict[str, Any]]:
    """Every renewal of the coming decades, each as a call without a caller."""
    return [*(_renewals(client) for client in clients().values()), *(_article(each) for each in _valid_articles())]


def _renewals(client: Client) -> dict[str, Any]:
    steps = [
        {
            "at": at_clock(_working(each.starts_on - WEEKS_BEFORE), 70 + 5 * number).isoformat(),
            "by": client.head,
            "verb": "renew_contract",
            "values": {
                "customer": client.id,
                "number": each.number,
                "starts_on": each.starts_on.isoformat(),
                "ends_on": each.ends_on.isoformat(),
            },
        }
        for number, each in enumerate(client.agreements[1:])
    ]
    return {"ref": f"contracts of {client.id}", "steps": steps}


def _article(article: dict[str, Any]) -> dict[str, Any]:
    ends = date.fromisoformat(article["valid_until"])
    steps = [
        {
            "at": at_clock(_working(date(year, 12, 8)), int(article["id"][-3:])).isoformat(),
            "by": article["reviewer"],
            "verb": "renew_article",
            "values": {"article": article["id"], "valid_until": f"{year + HOLDS}-12-31"},
        }
        for year in range(ends.year, LAST_YEAR, HOLDS)
    ]
    return {"ref": f"article {article['id']}", "steps": steps}


def _valid_articles() -> list[dict[str, Any]]:
    return [each for each in read_data()["knowledge_articles"] if each["status"] == "valid"]


def _working(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
