"""Filing: the custodian checks the form, files it or sends it back; nobody else does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.actors import actor_for
from accounts.models import Role, RoleGrant
from escalation.actions import acknowledge_problem
from escalation.models import Problem
from escalation.queries import unsigned_problem
from incidents import actions
from incidents.models import Annex, Declaration, State
from tests.firm import CHEN_HEAD, FENG_AUDITOR, LIU_DESK, SUN_DESK, ZHAO_DESK, ZHENG_CUSTODIAN, client_of, staff

pytestmark = pytest.mark.django_db


def press(number, declaration, choice, **values):
    version = Declaration.objects.get(pk=declaration.pk).version
    address = reverse("filing-record", args=[declaration.number])
    return client_of(number).post(address, {"choice": choice, "version": version, **values})


def lists(number=ZHENG_CUSTODIAN):
    context = client_of(number).get(reverse("filing")).context
    return {name: [row.number for row in context[name]] for name in ("to_file", "sent_back", "filed")}


def test_closed_records_wait_and_filed_ones_are_shown_last(scene):
    closed, filed = scene.closed(), scene.filed()
    assert lists() == {"to_file": [closed.number], "sent_back": [], "filed": [filed.number]}


def test_a_complete_form_is_filed_with_the_place_of_its_paper(scene):
    declaration = scene.closed()
    page = client_of(ZHENG_CUSTODIAN).get(reverse("filing-record", args=[declaration.number]))
    assert "Every obligatory row is filled in." in page.content.decode()
    assert press(ZHENG_CUSTODIAN, declaration, "file", paper_place="一部档案柜 A-02").status_code == 302
    filed = Declaration.objects.get(pk=declaration.pk)
    assert (filed.state, filed.paper_place) == (State.FILED, "一部档案柜 A-02")


def test_without_the_place_nothing_is_filed(scene):
    declaration = scene.closed()
    assert press(ZHENG_CUSTODIAN, declaration, "file", paper_place="").status_code == 422
    assert Declaration.objects.get(pk=declaration.pk).state == State.CLOSED


def test_what_is_missing_goes_back_to_the_desk_and_returns_with_its_annex(scene):
    declaration = scene.closed()
    assert press(ZHENG_CUSTODIAN, declaration, "send_back", missing="确认函不清晰").status_code == 302
    assert lists()["sent_back"] == [declaration.number]
    assert Annex.objects.get().text == "确认函不清晰"
    assert next_step(declaration) == "add_annex"
    actions.add_annex(declaration.pk, actor=staff(LIU_DESK), text="已补扫描件")
    assert lists()["to_file"] == [declaration.number]
    assert next_step(declaration) == ""


def next_step(declaration):
    """What the page of the record tells the desk to do."""
    bar = client_of(LIU_DESK).get(reverse("record", args=[declaration.number])).context["step_bar"]
    assert "add_annex" in [each.verb for each in bar.all]
    return bar.next.verb if bar.next else ""


def test_what_waits_for_problem_management_is_not_sent_back_to_the_desk(scene):
    declaration = scene.closed()
    address = reverse("filing-record", args=[declaration.number])
    shown = client_of(ZHENG_CUSTODIAN).get(address).content.decode()
    assert "waits for problem management" not in shown
    declaration = scene.countersigned()
    problem = Problem.objects.get()
    assert unsigned_problem(declaration) == problem
    manager = RoleGrant.objects.filter(role=Role.PROBLEM_MANAGER)[0].user
    acknowledge_problem(problem.pk, version=None, actor=actor_for(manager))
    assert unsigned_problem(declaration) is None


def test_sending_back_says_what_is_missing(scene):
    declaration = scene.closed()
    assert press(ZHENG_CUSTODIAN, declaration, "send_back", missing="").status_code == 422
    assert not Annex.objects.exists()


@pytest.mark.parametrize(
    ("number", "status"), [(LIU_DESK, 403), (CHEN_HEAD, 403), (FENG_AUDITOR, 403), (ZHAO_DESK, 404), (SUN_DESK, 404)]
)
def test_nobody_else_files(scene, number, status):
    declaration = scene.closed()
    assert client_of(number).get(reverse("filing-record", args=[declaration.number])).status_code == status
    assert press(number, declaration, "file", paper_place="无").status_code == status
    assert Declaration.objects.get(pk=declaration.pk).state == State.CLOSED


def test_who_is_no_custodian_is_told_whose_page_it_is(scene):
    assert "The custodian of the department files" in client_of(LIU_DESK).get(reverse("filing")).content.decode()


def test_an_empty_page_says_what_comes_here(scene):
    assert "Nothing to file" in client_of(ZHENG_CUSTODIAN).get(reverse("filing")).content.decode()


def test_the_list_costs_at_most_twelve_statements_whatever_its_length(scene, count_queries):
    scene.closed()
    client = client_of(ZHENG_CUSTODIAN)
    client.get(reverse("filing"))
    few = count_queries(lambda: client.get(reverse("filing")))
    for _each in range(3):
        scene.closed()
    assert count_queries(lambda: client.get(reverse("filing"))) == few <= 12
