"""What is agreed with the customers, with all times, as the page of a contract has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, local_day
from accounts.models import Customer
from base.clock import now
from ledger.exceptions import NotPossible
from sla.actions import Terms, change_contract, create_contract
from sla.actions.contracts import EARLIEST, LATEST
from sla.forms.contracts import CHANNELS, LEVELS
from sla.models import Calendar, Closure, Contract
from workbook.columns import Choice, Code, Column, Day, Lines, Reference, Share, YesNo
from workbook.known import Known, overlap
from workbook.sheets.base import Mistake, Row, Sheet, Values, lines, said, yes
from workbook.sheets.spans import Span, target_of, times, value_of

DAY = timedelta(days=1)


class Contracts(Sheet):
    key = "contracts"
    title = _("Contracts")
    key_columns = ("number",)
    lookup = "number"
    made_as = Contract
    columns = (
        Code("number", _("Contract number"), required=True, longest=60, width=20, narrow=False),
        Reference("customer", _("Customer code"), required=True, to="customers"),
        Column("name", _("Contract name"), required=True, width=24),
        Day("starts_on", _("First day"), required=True),
        Day("ends_on", _("Last day"), required=True),
        YesNo("overlap_accepted", _("Overlap is meant")),
        Lines("service_scope", _("Contracted services, one a line")),
        Lines("process_notes", _("Agreed ways of working, one a line")),
        YesNo("pause_allowed", _("Waiting for the customer stops the clock")),
        Choice("closure", _("Closing needs"), choices=tuple(Closure.choices), otherwise=Closure.CONTACT.value),
        Reference("calendar", _("Working calendar"), to="calendars", longest=100),
        *times(),
        Share("first_warning", _("First warning (percent of the time)")),
        Share("second_warning", _("Second warning (percent of the time)")),
    )
    fixed: ClassVar = {"customer": _("A contract stays with the customer. Enter another contract there.")}
    aside = frozenset({"overlap_accepted"})
    sample: ClassVar[Values] = {
        "number": "HT-2026-001",
        "customer": "C01",
        "name": "运营外包服务合同",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "service_scope": "账户运营\n对账单服务",
        "closure": Closure.CONTACT.value,
        "level1": "4:hour:natural",
        "level2": "1:working_day:working",
        "response": "30:minute:working",
    }

    def rows(self, actor: Actor) -> QuerySet[Contract]:
        return self.all_rows(actor).filter(customer__merged_into=None)

    def all_rows(self, actor: Actor) -> QuerySet[Contract]:
        """Also those that a merged customer had, whose numbers are taken."""
        return Contract.objects.select_related("customer", "calendar").prefetch_related("targets").order_by("number")

    def values_of(self, row: Contract) -> Values:
        first, second = row.warnings or ("", "")
        agreed = {f"level{each.level}": each.target for each in row.targets.all()}
        agreed |= {f"response_{channel}": target for channel, target in row.response_by_channel.items()}
        if row.response_target:
            agreed["response"] = row.response_target
        return {
            "number": row.number,
            "customer": row.customer.code,
            "name": row.name,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "service_scope": "\n".join(row.service_scope),
            "process_notes": "\n".join(row.process_notes),
            "pause_allowed": said(row.pause_allowed),
            "closure": row.closure,
            "calendar": row.calendar.name if row.calendar else "",
            **{column.key: value_of(agreed.get(column.key)) for column in self.columns if isinstance(column, Span)},
            "first_warning": str(first),
            "second_warning": str(second),
        }

    def exported(self, actor: Actor) -> Iterator[Values]:
        """That an overlap is meant was said when the contract was entered, and is said again."""
        agreed = Known.agreed_days()
        for values in super().exported(actor):
            days, others = agreed[values["customer"]][values["number"]], agreed[values["customer"]]
            meant = any(overlap(days, held) for number, held in others.items() if number != values["number"])
            yield {**values, "overlap_accepted": said(meant)}

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        values = row.values
        days = date.fromisoformat(values["starts_on"]), date.fromisoformat(values["ends_on"])
        own = known.agreed[values["customer"]]
        own[values["number"]] = days
        if not row.changed - self.aside:
            return
        for name, one in zip(("starts_on", "ends_on"), days, strict=True):
            if not EARLIEST <= one <= LATEST:
                yield name, gettext("Choose a day from 2000 to 2199.")
        if days[1] < days[0]:
            yield "ends_on", gettext("The end lies before the start.")
        if not _rise(values["first_warning"], values["second_warning"]):
            yield "second_warning", gettext("Give two rising shares from 1 to 99, or none.")
        other = next((number for number, held in own.items() if number != values["number"] and overlap(days, held)), "")
        if other and values["overlap_accepted"] != "yes":
            sentence = gettext("It overlaps %(other)s. Change the dates, or write here that both are meant.")
            yield "overlap_accepted", sentence % {"other": other}

    def create(self, values: Values, actor: Actor) -> Contract:
        customer = Customer.objects.select_related("department").get(code=values["customer"])
        accepted = yes(values["overlap_accepted"])
        return create_contract(customer, terms(values), actor=actor, overlap_accepted=accepted)

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> Contract:
        accepted = yes(row.values.get("overlap_accepted", ""))
        return change_contract(pk, terms(row.values), actor=actor, version=version, overlap_accepted=accepted)

    def take_back(self, pk: int, row: Values, actor: Actor) -> Contract:
        """A contract ends with yesterday, or with today where it begins today."""
        first = date.fromisoformat(row["starts_on"])
        if first > local_day(now()):
            sentence = gettext("It begins on %(day)s, and a contract cannot end before. Change it on its own page.")
            raise NotPossible(sentence % {"day": first})
        last = max(first, local_day(now()) - DAY)
        ended = {**row, "ends_on": min(last, date.fromisoformat(row["ends_on"])).isoformat()}
        return change_contract(pk, terms(ended), actor=actor, version=None, overlap_accepted=True)


def terms(values: Values) -> Terms:
    """What a row says, as the actions take it."""
    calendar = values["calendar"]
    shares = [values["first_warning"], values["second_warning"]]
    return Terms(
        number=values["number"],
        name=values["name"],
        starts_on=date.fromisoformat(values["starts_on"]),
        ends_on=date.fromisoformat(values["ends_on"]),
        service_scope=lines(values["service_scope"]),
        process_notes=lines(values["process_notes"]),
        pause_allowed=yes(values["pause_allowed"]),
        closure=values["closure"],
        response=target_of(values["response"]),
        response_by_channel=_targets(values, "response_", CHANNELS),
        targets=_targets(values, "level", LEVELS),
        warnings=[int(share) for share in shares if share],
        calendar=Calendar.objects.get(name=calendar) if calendar else None,
    )


def _targets(values: Values, beginning: str, keys: Iterable[int | str]) -> dict:
    found = ((key, target_of(values[f"{beginning}{key}"])) for key in keys)
    return {key: target for key, target in found if target is not None}


def _rise(first: str, second: str) -> bool:
    return first == second == "" or bool(first and second and int(first) < int(second))
