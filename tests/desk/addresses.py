"""Every address of the desk and who may open it, written by hand; one that is missing here fails the suite.

`READERS` are those who see the record in its state by `tests.incidents.table`; `POST_ONLY` has nothing to show, and
what its verb demands stands in the tables of verbs and in the tests of its room.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.incidents.table import ROLES, TABLE

MEMBERS = frozenset(role for role, (who, *_rest) in ROLES.items() if who.startswith("S") and role != "handler")
HEADS = {"head", "head of another department", "problem manager"}
# A colleague of the first department is no colleague of theirs.
HEADS_AND_DESKS_ELSEWHERE = frozenset({"head of another department", "problem manager", "desk of another department"})
DESKS = {"desk", "desk of another customer", "desk of another department"}


@dataclass(frozen=True)
class Door:
    """Who gets the page (the others 403, or 404 if it is `hidden` from them), whether only for records that they see,
    and what a stranger gets."""

    who: frozenset[str] = MEMBERS
    hidden: frozenset[str] = frozenset()
    of_a_record: bool = False
    stranger: int = 302
    post_only: bool = False
    shows: int = 200
    shows_ended: int | None = None

    def answer(self, role: str, state: str) -> int:
        """The status of a plain GET by that role on a record in that state."""
        if self.post_only:
            # Programs are told so, people are led to the page over it.
            return 405 if self.stranger == 401 else 302
        if self.of_a_record and state not in ROLES[role][2].split():
            return 404
        if role in self.hidden:
            return 404
        if role not in self.who:
            return 403
        return self.shows_ended if self.shows_ended and state == "filed" else self.shows


def only(*roles: str, of_a_record: bool = False) -> Door:
    return Door(who=frozenset(roles), of_a_record=of_a_record)


SIGNED_IN = Door()
READERS = Door(of_a_record=True)
# Nobody is reminded of a record that has ended; the page says so instead of showing a form.
READERS_UNTIL_THE_END = Door(of_a_record=True, shows_ended=409)
POST_ONLY = Door(post_only=True)
PROGRAMS = Door(stranger=401)
PROGRAMS_POST = Door(post_only=True, stranger=401)
# A record in progress or filed has no hand-over, no problem, no file: for everybody as if the address were unknown.
NOTHING = Door(shows=404)
# Without a choice of records there is nothing to do.
BACK_TO_THE_LIST = Door(shows=302)
# No robot and no mail is kept in the firm of the tests; only an administrator is told so.
NOT_THERE_FOR_ADMINISTRATORS = Door(who=frozenset({"other staff"}), shows=404)

# Nobody has handed a workbook in.
NO_IMPORT = NOT_THERE_FOR_ADMINISTRATORS
BACK_TO_THE_ARTICLE = Door(shows=302)
# On to the next step of the desk.
LEADS_ON = Door(shows=302)
PUBLISHERS = only("head", "head of another department", "problem manager", "other staff")

# The terms of a contract: its head and the administrator change them, its desk and the auditor read them.
CONTRACT_KEEPERS = frozenset({"other staff", "head"})
CONTRACT_READERS = CONTRACT_KEEPERS | {"desk", "auditor"}

# A customer: its head and the administrator change it, its desk keeps the contacts, the auditor reads.
CUSTOMER_KEEPERS = frozenset({"other staff", "head"})
CUSTOMER_READERS = CUSTOMER_KEEPERS | {"desk", "auditor"}
# A head sees the people of the own department.
PEOPLE_READERS = HEADS | {"other staff", "auditor"}
PERSON = Door(who=frozenset({"other staff", "auditor", "head"}), hidden=frozenset(HEADS - {"head"}))

ADDRESSES: dict[str, Door] = {
    "": SIGNED_IN,
    "audit/": only("auditor"),
    "audit/<str:number>/": only("auditor", of_a_record=True),
    "audit/<str:number>/start/": POST_ONLY,
    "audit/<str:number>/conclude/": POST_ONLY,
    "audit/<str:number>/finding/": POST_ONLY,
    "audit/<str:number>/sign/": POST_ONLY,
    "audit/<str:number>/findings/": NOTHING,
    "audit/findings/<int:finding_id>/": NOTHING,
    "audit/findings/<int:finding_id>/correct/": POST_ONLY,
    "audit/findings/<int:finding_id>/verify/": POST_ONLY,
    "command/": SIGNED_IN,
    "customers/": only("other staff", "auditor", *HEADS, *DESKS),
    "customers/<int:key>/": Door(who=CUSTOMER_READERS, hidden=MEMBERS - CUSTOMER_READERS),
    "customers/<int:key>/change/": Door(who=CUSTOMER_KEEPERS, hidden=MEMBERS - CUSTOMER_READERS),
    "customers/<int:key>/merge/": Door(who=CUSTOMER_KEEPERS, hidden=MEMBERS - CUSTOMER_READERS),
    "customers/<int:key>/contacts/<int:contact_key>/": Door(
        who=CUSTOMER_KEEPERS | {"desk"}, hidden=MEMBERS - CUSTOMER_READERS
    ),
    "customers/<int:key>/contacts/merge/": Door(who=CUSTOMER_KEEPERS | {"desk"}, hidden=MEMBERS - CUSTOMER_READERS),
    "customers/<int:key>/contacts/new/": Door(who=CUSTOMER_KEEPERS | {"desk"}, hidden=MEMBERS - CUSTOMER_READERS),
    "customers/new/": only("other staff", *HEADS),
    "decisions/": SIGNED_IN,
    "decisions/<str:number>/": READERS,
    "decisions/<str:number>/decide/": POST_ONLY,
    "filing/": SIGNED_IN,
    "filing/<str:number>/": only("custodian, who relayed one", of_a_record=True),
    "handovers/": SIGNED_IN,
    "handovers/<str:number>/": NOTHING,
    "knowledge/": SIGNED_IN,
    "knowledge/new/": SIGNED_IN,
    "knowledge/<str:code>/": SIGNED_IN,
    # The article of the tests is published: it can be neither changed nor proposed any more.
    "knowledge/<str:code>/edit/": Door(who=frozenset({"desk"}), shows=302),
    "knowledge/<str:code>/propose/": BACK_TO_THE_ARTICLE,
    "knowledge/<str:code>/approve/": BACK_TO_THE_ARTICLE,
    "knowledge/<str:code>/return/": BACK_TO_THE_ARTICLE,
    "knowledge/<str:code>/renew/": PUBLISHERS,
    "knowledge/<str:code>/withdraw/": PUBLISHERS,
    "knowledge/<str:code>/<str:label>/": NOTHING,
    "my/": SIGNED_IN,
    "my/absences/": SIGNED_IN,
    "my/absences/new/": SIGNED_IN,
    "my/absences/<int:key>/decline/": NOTHING,
    "my/absences/<int:key>/end/": POST_ONLY,
    "my/theme/": POST_ONLY,
    "my/tokens/<int:key>/revoke/": POST_ONLY,
    "my/tokens/new/": SIGNED_IN,
    "next/": LEADS_ON,
    "notifications/": SIGNED_IN,
    "notifications/preferences/": SIGNED_IN,
    "notifications/seen/": POST_ONLY,
    "password/": SIGNED_IN,
    "problems/": SIGNED_IN,
    "problems/<str:number>/": NOTHING,
    "procedure/": SIGNED_IN,
    "team/": only(*HEADS, *DESKS),
    "team/<int:key>/": Door(who=frozenset(HEADS | DESKS), hidden=HEADS_AND_DESKS_ELSEWHERE),
    "time/": SIGNED_IN,
    "live/": Door(stranger=401),
    "live/frame/": SIGNED_IN,
    "records/": SIGNED_IN,
    "records/export.<str:kind>": NOTHING,
    "records/print/": BACK_TO_THE_LIST,
    "records/reassign/": BACK_TO_THE_LIST,
    "records/views/": POST_ONLY,
    "records/views/<int:key>/forget/": POST_ONLY,
    "records/<str:number>/": READERS,
    "records/<str:number>/acknowledge/": POST_ONLY,
    "records/<str:number>/annexes/<int:key>/": NOTHING,
    "records/<str:number>/do/remind/": READERS_UNTIL_THE_END,
    "records/<str:number>/files/<int:key>/": NOTHING,
    "records/<str:number>/files/<int:key>/preview/": NOTHING,
    "records/<str:number>/follows/": READERS,
    "records/<str:number>/why/": READERS,
    "records/<str:number>/watch/": POST_ONLY,
    "records/<str:number>/unremind/": POST_ONLY,
    "records/<str:number>/form/": READERS,
    "records/<str:number>/form.pdf": READERS,
    "records/<str:number>/screen/": POST_ONLY,
    "records/<str:number>/screen/party/": only("desk", of_a_record=True),
    "register/": SIGNED_IN,
    "register/caller/": SIGNED_IN,
    "register/contacts/": SIGNED_IN,
    "register/like/": POST_ONLY,
    "settings/": only("other staff", "auditor", *HEADS),
    "settings/calendars/": only("other staff", *HEADS),
    "settings/calendars/<int:key>/": only("other staff", *HEADS),
    "settings/calendars/<int:key>/days/<str:text>/": POST_ONLY,
    "settings/calendars/<int:key>/hours/": only("other staff"),
    "settings/calendars/<int:key>/years/<int:year>/confirm/": POST_ONLY,
    "settings/calendars/<int:key>/years/<int:year>/load/": only("other staff"),
    "settings/calendars/new/": only("other staff"),
    "settings/departments/": only("other staff"),
    "settings/departments/new/": only("other staff"),
    "settings/departments/<int:key>/": only("other staff"),
    "settings/departments/<int:key>/change/": only("other staff"),
    "settings/departments/<int:key>/end/": only("other staff"),
    "settings/departments/<int:key>/reopen/": POST_ONLY,
    "settings/people/": only(*PEOPLE_READERS),
    "settings/people/new/": only("other staff"),
    "settings/people/<int:key>/": PERSON,
    "settings/people/<int:key>/change/": only("other staff"),
    "settings/people/<int:key>/leave/": only("other staff"),
    "settings/people/<int:key>/password-letter/": POST_ONLY,
    "settings/people/<int:key>/password-link/": POST_ONLY,
    "settings/people/<int:key>/reopen/": POST_ONLY,
    "settings/people/<int:key>/qualifications/new/": only("other staff"),
    "settings/people/<int:key>/grants/new/": only("other staff"),
    "settings/grants/<int:key>/end/": only("other staff"),
    "settings/grants/<int:key>/successor/": only("other staff"),
    "settings/deadlines/": only(*HEADS),
    "settings/deadlines/<int:key>/": NOTHING,
    "settings/contracts/": only("other staff", "auditor", *HEADS, *DESKS),
    "settings/contracts/<int:key>/": Door(who=CONTRACT_READERS, hidden=MEMBERS - CONTRACT_READERS),
    "settings/contracts/<int:key>/terms/": Door(who=CONTRACT_KEEPERS, hidden=MEMBERS - CONTRACT_READERS),
    "settings/contracts/new/": only("other staff", *HEADS),
    "reports/": only("auditor", "management", *HEADS, *DESKS),
    "reports/table/<str:kind>/": Door(who=frozenset({"auditor", "management"}) | HEADS | DESKS, shows=404),
    "reports/records/": only("auditor", "management", *HEADS, *DESKS),
    "settings/channels/": only("other staff"),
    "settings/channels/<int:bot_id>/": NOT_THERE_FOR_ADMINISTRATORS,
    "settings/channels/<int:bot_id>/test/": POST_ONLY,
    "settings/channels/<int:bot_id>/tested/": NOT_THERE_FOR_ADMINISTRATORS,
    "settings/channels/new/": only("other staff"),
    "settings/dead-letters/": only("other staff"),
    "settings/dead-letters/<int:key>/retry/": POST_ONLY,
    "settings/dead-letters/retry/": POST_ONLY,
    "settings/setup/": only("other staff", *HEADS),
    "settings/setup/confirm/<str:kind>/": POST_ONLY,
    "settings/setup/procedure/": only("other staff"),
    "settings/setup/procedure/text/": only("other staff"),
    "settings/setup/workbook/": only("other staff"),
    "settings/setup/workbook/file/": only("other staff"),
    "settings/setup/workbook/<int:key>/": NO_IMPORT,
    "settings/setup/workbook/<int:key>/progress/": NO_IMPORT,
    "settings/setup/workbook/<int:key>/marked/": NO_IMPORT,
    "settings/setup/workbook/<int:key>/rows/<str:sheet>/<int:row>/": NO_IMPORT,
    "settings/setup/workbook/<int:key>/<str:step>/": POST_ONLY,
    "settings/outbox/": only("other staff"),
    "settings/outbox/<int:key>/": NOT_THERE_FOR_ADMINISTRATORS,
    "sign-out/": POST_ONLY,
    "api/schema/": PROGRAMS,
    "api/v1/declarations/": PROGRAMS,
    "api/v1/declarations/<str:number>/": Door(of_a_record=True, stranger=401),
    "api/v1/declarations/<str:number>/acknowledge/": PROGRAMS_POST,
    "api/v1/declarations/<str:number>/watch/": PROGRAMS_POST,
    "api/v1/declarations/<str:number>/unwatch/": PROGRAMS_POST,
    "api/v1/declarations/<str:number>/remind/": PROGRAMS_POST,
    "api/v1/declarations/<str:number>/unremind/": PROGRAMS_POST,
    "api/v1/declarations/relay/": PROGRAMS_POST,
    "api/v1/problems/": PROGRAMS,
    "api/v1/problems/<str:number>/": Door(shows=404, stranger=401),
    "api/v1/reports/sla/": Door(who=frozenset({"auditor", "management"}) | HEADS | DESKS, stranger=401),
    "api/v1/problems/<str:number>/acknowledge/": PROGRAMS_POST,
    "api/v1/team/": Door(who=frozenset(HEADS | DESKS), stranger=401),
    **{
        f"api/v1/declarations/<str:number>/{verb}/": PROGRAMS_POST
        for verb in (*TABLE, "solve_in_first_contact")
        if verb not in ("relay", "join_alarm")
    },
}

# What anybody may open, or whoever has a link, and what tells nobody anything.
OPEN_TO_ALL = frozenset(
    {
        "healthz",
        "language/setlang/",
        "form-token/",
        "password/set/",
        "password/forgotten/",
        "password/asked/",
        "password/link/<str:secret>/",
        "sign-in/",
        "start/",
        r"api/^(?P<rest>.*)$",
    }
)
# The page of a step is tried with every role, state and verb in a table of its own, the draft of an article with the
# solutions that it may come from.
TRIED_ELSEWHERE = frozenset({"records/<str:number>/do/<str:verb>/", "records/<str:number>/draft/"})
