"""Puts the texts of a call together: the words of a real desk, with the places, systems and papers of the customer."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from demo.story.firm import taken_keys, texts

CODES = ("E4013", "AUTH-503", "SVC-1207", "TMO-408", "ERR-2031", "RC=8", "RC=12", "SQL-0911", "NET-10060", "APP-7704")
OPENINGS = {
    "phone": "{caller}来电：",
    "email": "{caller}邮件：",
    "other": "{caller}在企业微信群反映：",
    "letter": "来函：",
    "fax": "传真：",
    "monitoring": "监控告警：",
    "maintenance": "例行维护发现：",
}
Slots = dict[str, object]


@lru_cache(maxsize=4)
def read(name: str) -> Any:
    """A file of texts, read once."""
    return texts(name)


def other(*path: str) -> Any:
    """What is said apart from incidents, by its place in the file."""
    found = read("other_texts.json")
    for key in path:
        found = found[key]
    return found


def slots(rng: Random, client: str, arrived: datetime, caller: str) -> Slots:
    """The names and numbers of one call, the same in all its texts."""
    vocabulary = read("vocabulary.json").get(client, {})
    chosen: Slots = {name: rng.choice(words) for name, words in vocabulary.items()}
    noticed = arrived - timedelta(minutes=rng.randint(12, 90))
    return {
        **chosen,
        "n": rng.randint(8, 46),
        "m": rng.randint(2, 6),
        "code": rng.choice(CODES),
        "time": f"{noticed:%H:%M}",
        "goods": rng.choice(other("goods")),
        "caller": caller,
    }


def opening(channel: str, slots: Slots) -> str:
    """How what came that way begins."""
    return OPENINGS[channel].format(**slots)


def addressed(contact: dict[str, Any]) -> str:
    """How the desk speaks of somebody: the family name with the function."""
    title = contact["title"]
    function = next((each for each in ("总监", "主管", "科长", "主任", "组长", "经理") if title.endswith(each)), "老师")
    return f"{contact['name'][0]}{function}"


def matter(rng: Random, client: str, leaf: str, kind: str) -> dict[str, Any]:
    """Something that happens to this customer, of that category where there are texts for both.

    The repeats of the thirty are counted by customer and category; the story leaves theirs alone.
    """
    known = [each for each in read("incidents.json")[kind] if client in each.get("for", [client])]
    free = [each for each in known if (client, each["leaf"]) not in taken_keys()]
    return rng.choice([each for each in free if each["leaf"] == leaf] or free)
