"""Every page that there is, opened as everybody who has a role: what each address answered, read off the URL table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice

import pytest
from django.template import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import middleware
from accounts.models import Customer, Department, RoleGrant, User
from audit import actions as audit
from audit.models import Finding, Review
from audit.queries import REVIEWED_CLAUSES
from incidents import actions
from incidents.access import declarations, next_steps
from incidents.models import Declaration
from notifications.models import Notification
from notifications.outbox import Notice, notify_all
from notifications.wording import EVENTS
from sla.models import Contract
from sla.queries import default_calendar
from tests import scenes
from tests.firm import (
    ADMINISTRATOR,
    BANK_B,
    CHEN_HEAD,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HE_RISK,
    LIU_DESK,
    PASSWORD,
    TANG_BANK_B,
    XU_SALES,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
    client_of,
    contact,
    person,
    staff,
)

# One holder of every role: desk, heads, problem manager, custodian, risk control and security officer,
# auditor, receiver of complaints and sales, management, administrator and document owner.
EVERYBODY = (
    ADMINISTRATOR,
    CHEN_HEAD,
    ZHOU_HEAD,
    LIU_DESK,
    ZHENG_CUSTODIAN,
    HE_RISK,
    FENG_AUDITOR,
    XU_SALES,
    GAO_MANAGEMENT,
)
# Of the records that somebody sees, so many are opened: each page is dear.
SOME = 2
# The same whoever takes it, and dear to draw: taken by the first person who sees a record.
DRAWN = ("/form/", "/form.pdf")
# Not pages: what programs and browsers ask for by themselves.
NO_PAGES = ("api/", "language/", "healthz", "sign-in/", "sign-out/")
# What such a day tells: an instant, or a finding's whole day.
TIMES = {"due_at": "2026-12-07T10:00:00Z", "reached_at": "2026-11-23T01:00:00Z"}
DAY = {"due_at": date(2026, 12, 7)}


@dataclass(frozen=True)
class Page:
    """What one person got at one address."""

    who: str
    path: str
    status: int
    text: str


@dataclass(frozen=True)
class Firm:
    """Records in the states that pages are about, all told of, with the keys that addresses ask for."""

    numbers: tuple[str, ...]
    keys: dict[str, str]

    @classmethod
    def busy(cls) -> Firm:
        """Made through the actions; everybody has then been told everything that the outbox has words for."""
        scene = scenes.Scene()
        asked, handed, problem = scene.requested(), scene.handed_over(), scene.decided()
        review = found_against(scene.closed(), owner=LIU_DESK)
        scene.do(
            actions.report_up, scene.handled("severe", "high"), LIU_DESK, reason="无法独自处理", desk_cannot_solve=True
        )
        for state in ("request_review", "relayed", "closed", "resolved"):
            scene.at(state)
        tell_everybody_everything(asked)
        keys = {
            "problems/<str:number>": problem.problem_number,
            "<int:finding_id>": str(Finding.objects.get(review=review).pk),
            "<int:contact_key>": str(contact(TANG_BANK_B).pk),
            "customers/<int:key>": str(Customer.objects.get(code=BANK_B).pk),
            "settings/calendars/<int:key>": str(default_calendar().pk),
            "settings/departments/<int:key>": str(Department.objects.order_by("pk")[0].pk),
            "settings/people/<int:key>": str(person(LIU_DESK).pk),
            "team/<int:key>": str(person(LIU_DESK).pk),
            "settings/grants/<int:key>": str(RoleGrant.objects.get(role="auditor").pk),
            "settings/contracts/<int:key>": str(Contract.objects.get(customer__code=BANK_B).pk),
        }
        seen = (review.declaration, asked, handed, problem)
        return cls(tuple(each.number for each in seen), keys)

    def paths(self, address: str, numbers: Iterable[str]) -> list[str]:
        """The address with its places filled in, one for each of the records where it is about a record."""
        for place, key in self.keys.items():
            address = address.replace(place, place.rpartition("<")[0] + key)
        for place, value in SAMPLES.items():
            address = address.replace(place, value)
        if "<str:number>" not in address:
            return [f"/{address}"]
        # Drawing a form is dear, and one is like the next.
        some = islice(numbers, 1) if "/form" in address else numbers
        return [f"/{address.replace('<str:number>', number)}" for number in some]


SAMPLES = {
    "<str:sheet>": "departments",
    "<int:row>": "1",
    "<str:step>": "apply",
    "<int:key>": "1",
    "<int:contact_key>": "1",
    "<int:bot_id>": "1",
    "<int:year>": "2026",
    "<str:code>": "KB-002",
    "<str:label>": "1.0",
    "<str:text>": "2026-10-01",
    "export.<str:kind>": "export.csv",
    "<str:kind>": "xlsx",
}


@contextmanager
def only_answers() -> Iterator[None]:
    """Inside the block nobody asks what pages came from, so contexts are not copied; and no role changes."""
    with pytest.MonkeyPatch.context() as bare:
        bare.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
        bare.setattr(middleware, "actor_for", cache(middleware.actor_for))
        yield


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every address of the URL table that is a page."""
    for found in get_resolver().url_patterns if patterns is None else patterns:
        address = f"{before}{found.pattern}"
        if isinstance(found, URLResolver):
            yield from addresses(found.url_patterns, address)
        elif not address.startswith(NO_PAGES) and "<str:verb>" not in address:
            yield address


def steps(number: str, who: str) -> Iterator[str]:
    """The pages of the steps that this person may take on that record now."""
    declaration = Declaration.objects.get(number=number)
    yield from (f"/records/{number}/do/{step.verb}/" for step in next_steps(staff(who), declaration))


def walk(firm: Firm, everybody: Iterable[str]) -> list[Page]:
    """Every page as each of them gets it, for the records that he sees; one that only takes a POST leads elsewhere."""
    pages: list[Page] = []
    for who in everybody:
        client = client_of(who, headers={"accept-language": "zh-hans"})
        drawn = tuple(end for end in DRAWN if any(page.status == 200 and page.path.endswith(end) for page in pages))
        pages += [_opened(client, who, path) for path in _paths(firm, who) if not path.endswith(drawn)]
    return pages


def _paths(firm: Firm, who: str) -> list[str]:
    visible = set(declarations(staff(who)).values_list("number", flat=True))
    numbers = [number for number in firm.numbers if number in visible][:SOME]
    paths = [path for address in addresses() for path in firm.paths(address, numbers)]
    return [*paths, *(path for number in numbers for path in steps(number, who))]


def _opened(client: Client, who: str, path: str) -> Page:
    answer = client.get(path)
    is_text = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return Page(who, path, answer.status_code, answer.content.decode() if is_text else "")


def found_against(declaration: Declaration, owner: str) -> Review:
    """The record reviewed and signed with one finding, which that person has to correct by 7 December."""
    auditor = staff(FENG_AUDITOR)
    review = audit.start_review(declaration.pk, actor=auditor)
    for clause in REVIEWED_CLAUSES:
        verdict, note = ("not_met", "首次响应晚") if clause == "5.4.3" else ("met", "")
        about = {"clause": clause, "conclusion": verdict, "note": note}
        audit.conclude(review.pk, version=None, actor=auditor, **about)
    found = {"clause": "5.4.3", "text": "首次响应晚且未写原因", "cause": "未设提醒", "action": "增设提醒"}
    audit.raise_finding(review.pk, version=None, actor=auditor, owner=person(owner), due=date(2026, 12, 7), **found)
    audit.sign_off(review.pk, version=None, actor=auditor, password=PASSWORD)
    return Review.objects.select_related("declaration").get(pk=review.pk)


def tell_everybody_everything(about: Declaration) -> int:
    """One notice of every event that has words, by instant and by day, to everybody; how many there are then."""
    people = list(User.objects.all())
    for cycle, facts in ((900, TIMES), (901, DAY), (902, {})):
        notify_all(
            Notice(event, about.stream, about.number, people, {**facts, "level": 1, "count": 3}, 75, cycle)
            for event in sorted(EVENTS)
        )
    return Notification.objects.count()
