"""A-19: information security beside a disturbed service is a second declaration: linked, restricted, own clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from base.clock import set_clock
from incidents import actions
from incidents.access import declarations
from incidents.models import Declaration, Way
from ledger.models import Entry
from ledger.verification import compare
from tests import scenes
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, WANG_DESK, client_of, person, sign_in, staff
from tests.incidents.refusals import errors, reasons, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
ASIDE = {"subject": "账户被异地登录", "body": "客户发现柜员账户夜间从外地登录"}
LATER = datetime.fromisoformat("2026-11-23T11:00:00+08:00")
COLLEAGUE, OFFICER, HEAD = WANG_DESK, HE_RISK, CHEN_HEAD


def twin_of(declaration: Declaration, by: str = LIU_DESK, **changes: Any) -> Declaration:
    with set_clock(LATER):
        return actions.record_security_twin(
            declaration.pk, version=declaration.version, actor=staff(by), **{**ASIDE, **changes}
        )


def page(number: str, declaration: Declaration) -> str:
    client = client_of(number, headers={"accept-language": "en"})
    with set_clock(LATER):
        return client.get(f"/records/{declaration.number}/").content.decode()


def told(number: str, declaration: Declaration) -> Any:
    client = client_of(number)
    with set_clock(LATER):
        return client.get(f"/api/v1/declarations/{declaration.number}/").json()


def sees(number: str, declaration: Declaration) -> bool:
    return declarations(staff(number)).filter(pk=declaration.pk).exists()


def test_the_twin_has_its_own_number_and_clocks_and_the_incident_goes_on() -> None:
    incident = SCENE.in_progress()
    twin = twin_of(incident)
    assert (twin.number, twin.state, twin.subject) == ("SD-20261123-002", "accepted", ASIDE["subject"])
    assert (twin.customer, twin.contact, twin.body) == (incident.customer, incident.contact, ASIDE["body"])
    assert (twin.received_at, twin.response_clock.started_at) == (LATER, LATER)
    assert twin.response_clock_id != incident.response_clock_id
    after = Declaration.objects.get(pk=incident.pk)
    assert (after.state, after.restricted, after.security_twin_at) == ("in_progress", False, LATER)
    assert (after.due_at, after.resolution_clock_id) == (incident.due_at, incident.resolution_clock_id)


def test_the_twin_is_open_only_to_desk_officer_and_head() -> None:
    incident = SCENE.in_progress()
    twin = twin_of(incident)
    assert [sees(number, twin) for number in (LIU_DESK, OFFICER, HEAD, COLLEAGUE)] == [True, True, True, False]
    assert sees(COLLEAGUE, incident)


def test_without_the_restriction_the_department_would_read_it() -> None:
    twin = twin_of(SCENE.in_progress())
    Declaration.objects.filter(pk=twin.pk).update(restricted=False)
    assert sees(COLLEAGUE, twin)


def test_both_name_each_other_on_page_and_interface() -> None:
    incident = SCENE.in_progress()
    twin = twin_of(incident)
    assert twin.number in page(LIU_DESK, incident)
    assert incident.number in page(LIU_DESK, twin)
    assert (told(LIU_DESK, incident)["linked"], told(LIU_DESK, twin)["linked_to"]) == ([twin.number], incident.number)


def test_who_may_not_read_the_twin_learns_neither_number_nor_content_from_the_incident() -> None:
    incident = SCENE.in_progress()
    twin = twin_of(incident)
    shown = page(COLLEAGUE, incident)
    assert incident.number in shown
    assert [each in shown for each in (twin.number, ASIDE["subject"], ASIDE["body"])] == [False] * 3
    answer = told(COLLEAGUE, incident)
    assert (answer["linked"], twin.number in str(answer)) == ([], False)


def test_both_chains_tell_of_it_and_fit() -> None:
    incident = SCENE.in_progress()
    twin = twin_of(incident)
    for declaration, action, clause in ((incident, "record_security_twin", "5.4.2"), (twin, "accept", "5.4.1")):
        entry = Entry.objects.filter(stream=declaration.stream).latest("pk")
        assert (entry.action, entry.clause) == (action, clause)
        assert compare(Declaration.objects.get(pk=declaration.pk)) is None


def test_it_goes_to_the_security_officer_like_any_other_and_stays_restricted() -> None:
    twin = twin_of(SCENE.in_progress())
    with set_clock(LATER):
        twin = SCENE.do(actions.respond, twin, LIU_DESK, way=Way.PHONE, text="已受理，单独登记")
        officer = person(OFFICER)
        twin = SCENE.do(actions.hand_over, twin, LIU_DESK, type="infosec", receiver=officer, content="疑似泄密")
    assert (twin.state, twin.restricted, sees(COLLEAGUE, twin)) == ("handed_over", True, False)


def test_an_incident_has_one_twin_and_only_an_incident_has_one() -> None:
    incident = SCENE.in_progress()
    twin = twin_of(incident)
    again = refused(actions.record_security_twin, incident, **ASIDE)
    assert reasons(again) == [("Its information security stands on a record of its own already.", "5.4.2")]
    assert refused(actions.record_security_twin, twin, **ASIDE).status == 409
    assert Declaration.objects.count() == 2


def test_what_concerns_security_is_written_down() -> None:
    found = errors(refused(actions.record_security_twin, SCENE.in_progress(), subject=" ", body="\n"))
    assert set(found) == {"subject", "body"}
    assert Declaration.objects.count() == 1


def test_another_customers_desk_makes_none() -> None:
    assert refused(actions.record_security_twin, SCENE.in_progress(), by=COLLEAGUE, **ASIDE).status == 403
    assert Declaration.objects.count() == 1


def test_the_twin_of_a_letter_says_where_the_letter_is_kept() -> None:
    paper = {"channel": "letter", "pages": 2, "received_on": scenes.MONDAY.date(), "no_file_reason": "原件由客户存档"}
    incident = SCENE.do(actions.screen_as_incident, SCENE.accepted(**paper), LIU_DESK, **SCENE.party())
    assert incident.number in twin_of(incident).no_file_reason
    assert twin_of(SCENE.in_progress()).no_file_reason == ""


def test_the_page_opens_with_the_words_of_the_incident_and_goes_on_to_the_twin() -> None:
    incident, client = SCENE.in_progress(), Client()
    sign_in(client, person(LIU_DESK))
    address = f"/records/{incident.number}/do/record_security_twin/"
    with set_clock(LATER):
        assert client.get(address).context["form"]["body"].value() == incident.body
        answer = client.post(address, {**ASIDE, "version": incident.version})
    twin = Declaration.objects.exclude(pk=incident.pk).get()
    assert answer["Location"] == f"/records/{twin.number}/"
