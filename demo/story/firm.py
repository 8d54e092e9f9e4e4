"""What the plan has to know of the firm: whose customer it is, who decides, which contract holds. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from demo import data_path

RISK_CONTROL, AUDITOR, SALES, PROBLEMS = "S10", "S11", "S12", "S03"
SECURITY, COMPLAINTS = "S10", "S12"
LAST_YEAR = 2060
# Who of the same department takes a call that was not for them.
RELAYERS = {"D1": ("S09",), "D2": ("S07", "S06"), "D3": ()}


@dataclass(frozen=True)
class Agreement:
    """A contract of a customer, as the thirty know it or as it is renewed year by year."""

    number: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Client:
    """A customer of the firm, with the people who look after it."""

    id: str
    name: str
    department: str
    desk: str
    head: str
    custodian: str
    contacts: tuple[dict[str, Any], ...]
    terms: dict[str, Any]
    has_notes: bool
    wants_paper: bool
    agreements: tuple[Agreement, ...]

    def entitled(self) -> list[dict[str, Any]]:
        """Who may confirm that something is solved."""
        return [contact for contact in self.contacts if contact["authorised_to_confirm"]]

    def contract_on(self, day: date) -> str:
        """The number of the contract that holds on that day, or of the first one before there was any."""
        held = [each.number for each in self.agreements if each.starts_on <= day <= each.ends_on]
        return held[0] if held else self.agreements[0].number

    def relayer(self) -> str | None:
        """A colleague of the desk who may have answered its telephone."""
        return next((each for each in RELAYERS[self.department] if each != self.desk), None)


@lru_cache(maxsize=1)
def read_data() -> dict[str, Any]:
    """The data of the demonstration."""
    data: dict[str, Any] = json.loads(data_path().read_text(encoding="utf-8"))
    return data


@lru_cache(maxsize=1)
def clients() -> dict[str, Client]:
    """All customers by their id."""
    departments = {each["id"]: each for each in read_data()["departments"]}
    return {each["id"]: _client(each, departments[each["department"]]) for each in read_data()["customers"]}


@lru_cache(maxsize=1)
def taken_keys() -> frozenset[tuple[str, str]]:
    """Customer and category of the thirty, whose repeats are counted: the story leaves those to them."""
    graded = [
        (call["caller"]["customer_id"], step["values"]["leaf"])
        for call in read_data()["declarations"]
        for step in call["steps"]
        if step["verb"] in ("classify", "reclassify")
    ]
    return frozenset(graded)


def _client(customer: dict[str, Any], department: dict[str, Any]) -> Client:
    times = customer["contract"]["sla"]
    return Client(
        id=customer["id"],
        name=customer["name"],
        department=customer["department"],
        desk=customer["service_desk"],
        head=department["head"],
        custodian=department["custodian"],
        contacts=tuple(customer["contacts"]),
        terms=customer["contract"],
        has_notes=bool(times.get("process_notes")),
        wants_paper=times.get("closure") == "written_confirmation",
        agreements=tuple(_agreements(customer)),
    )


def _agreements(customer: dict[str, Any]) -> Iterator[Agreement]:
    """The one of the data, then one for each year; nothing follows for a customer who is served no more."""
    agreed = customer["contract"]
    found = Agreement(agreed["no"], date.fromisoformat(agreed["start"]), date.fromisoformat(agreed["end"]))
    yield found
    while customer["in_service_scope"] and found.ends_on.year < LAST_YEAR:
        starts = found.ends_on + timedelta(days=1)
        ends = starts.replace(year=starts.year + 1) - timedelta(days=1)
        found = Agreement(f"DEMO-HT-{starts.year}-{customer['id'][1:]:0>3}", starts, ends)
        yield found


def texts(name: str) -> Any:
    """What people of such a desk write, from a file beside this one."""
    return json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
