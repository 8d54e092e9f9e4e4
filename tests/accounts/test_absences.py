"""Absences: entered, declined, ended early, never in a circle."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import be_away, decline_delegation, delegate, end_delegation, grant_role
from accounts.actors import SYSTEM
from accounts.models import Delegation, Role
from accounts.queries import deputies_of, head_of, holders
from ledger.exceptions import Invalid, NotPermitted, NotPossible

from .conftest import signed_in

pytestmark = pytest.mark.django_db
HEAD, DESK = Role.DEPARTMENT_HEAD, Role.SERVICE_DESK


def lend(firm, at, lender="head", to="deputy", role=HEAD, **times):
    values = {"starts_at": at, "ends_at": at + timedelta(days=2), "reason": "休假"} | times
    return delegate(actor=SYSTEM, role=role, from_user=firm[lender], to_user=firm[to], **values)


def declined(firm, lent, by="deputy", reason="出差"):
    return decline_delegation(lent, actor=firm.actor(by), version=lent.version, reason=reason)


def test_a_declined_absence_covers_nothing(firm, at_nine):
    lent = lend(firm, at_nine)
    assert firm.actor("deputy").holds(HEAD)
    assert declined(firm, lent).declined_reason == "出差"
    assert firm.actor("deputy").holds(HEAD) is None
    assert head_of(firm.department) == firm["head"]
    assert deputies_of(firm["head"], HEAD) == []
    assert firm["deputy"] not in holders(HEAD, department=firm.department)
    assert Delegation.objects.get().covers(at_nine) is False


@pytest.mark.parametrize("by", ["head", "admin", "clerk"])
def test_only_the_deputy_declines(firm, at_nine, by):
    with pytest.raises(NotPermitted):
        declined(firm, lend(firm, at_nine), by=by)


def test_nobody_declines_twice_without_a_reason_or_what_is_over(firm, clock, at_nine):
    lent = lend(firm, at_nine)
    with pytest.raises(Invalid):
        declined(firm, lent, reason=" ")
    lent = declined(firm, lent)
    with pytest.raises(NotPossible):
        declined(firm, lent)
    with pytest.raises(NotPossible):
        end_delegation(lent, actor=firm.actor("head"), version=None)
    other = lend(firm, at_nine)
    clock.set(at_nine + timedelta(days=3))
    with pytest.raises(NotPossible):
        declined(firm, other)


def test_two_do_not_stand_in_for_each_other_at_one_time(firm, at_nine):
    grant_role(actor=SYSTEM, user=firm["deputy"], role=Role.AUDITOR, reason="审核")
    lent = lend(firm, at_nine)
    with pytest.raises(Invalid) as refused:
        lend(firm, at_nine + timedelta(days=1), lender="deputy", to="head", role=Role.AUDITOR)
    assert "Head is away at that time and counts on Deputy" in str(refused.value.errors)
    assert lend(firm, at_nine + timedelta(days=2), lender="deputy", to="head", role=Role.AUDITOR)
    Delegation.objects.exclude(pk=lent.pk).delete()
    declined(firm, lent)
    assert lend(firm, at_nine + timedelta(days=1), lender="deputy", to="head", role=Role.AUDITOR)


def test_several_roles_are_lent_together_or_none(firm, at_nine):
    grant_role(actor=SYSTEM, user=firm["head"], role=Role.AUDITOR, reason="审核")
    when = {"starts_at": at_nine, "ends_at": at_nine + timedelta(days=1), "reason": "休假"}
    with pytest.raises(NotPermitted):
        be_away(actor=firm.actor("head"), roles=[HEAD, DESK], to_user=firm["deputy"], **when)
    with pytest.raises(Invalid):
        be_away(actor=firm.actor("head"), roles=[], to_user=firm["deputy"], **when)
    assert not Delegation.objects.exists()
    assert len(be_away(actor=firm.actor("head"), roles=[HEAD, Role.AUDITOR], to_user=firm["deputy"], **when)) == 2


def test_the_pages_enter_show_decline_and_end(firm, at_nine):
    head, deputy = signed_in(firm["head"]), signed_in(firm["deputy"])
    typed = {
        "roles": ["department_head"],
        "to_user": firm["deputy"].pk,
        "starts_at": "2026-11-23T10:00",
        "ends_at": "2026-11-25T18:00",
        "reason": "年假",
    }
    assert head.post(reverse("absence-new"), {**typed, "to_user": firm["head"].pk}).status_code == 422
    assert head.post(reverse("absence-new"), {**typed, "ends_at": "2026-11-20T18:00"}).status_code == 422
    assert head.post(reverse("absence-new"), typed).url == reverse("absences")
    lent = Delegation.objects.get()
    assert "年假" in deputy.get(reverse("absences")).content.decode()
    assert head.get(reverse("absence-decline", args=[lent.pk])).status_code == 403
    declining = reverse("absence-decline", args=[lent.pk])
    assert deputy.post(declining, {"reason": "培训", "version": lent.version}).url == reverse("absences")
    page = head.get(reverse("absences"))
    assert "Declined: 培训" in page.content.decode()
    assert [line.mark[0] for line in page.context["department"]] == ["Declined"]
    head.post(reverse("absence-new"), typed)
    again = Delegation.objects.get(declined_at=None)
    assert deputy.post(reverse("absence-end", args=[again.pk]), {"version": again.version}).status_code == 403
    assert head.post(reverse("absence-end", args=[again.pk]), {"version": again.version}).url == reverse("absences")
    assert signed_in(firm["clerk"]).get(reverse("absences")).context["department"] is None


def test_the_page_costs_the_same_however_many_there_are(firm, at_nine, count_queries):
    head = signed_in(firm["head"])
    lend(firm, at_nine)
    few = count_queries(lambda: head.get(reverse("absences")))
    for day in range(4):
        lend(firm, at_nine + timedelta(days=day))
    assert count_queries(lambda: head.get(reverse("absences"))) == few
