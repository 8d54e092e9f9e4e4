"""Accounts, customers and contacts, and who may change them."""

from __future__ import annotations

import pytest

from accounts.actions import (
    change_contact,
    change_customer,
    change_user,
    create_contact,
    create_customer,
    create_token,
    create_user,
    deactivate_user,
    set_password,
    set_preferences,
)
from accounts.actors import SYSTEM
from accounts.models import ApiToken
from ledger.exceptions import Invalid, NotPermitted, Stale
from ledger.models import Entry, Payload

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_new_account_has_no_role_and_its_password_is_nowhere_in_the_ledger(firm, at_nine):
    user = create_user(
        actor=firm.actor("admin"),
        username="new",
        employee_number="S99",
        name="新人",
        department=firm.department,
        mobile="+86 138 0000 0099",
        password=PASSWORD,
    )
    assert user.mobile == "13800000099"
    assert user.check_password(PASSWORD)
    assert firm.people["clerk"].grants.count() == user.grants.count() == 0
    payload = Payload.objects.get(entry__stream=user.stream).content
    assert user.password not in payload
    assert '"password"' not in payload


def test_an_account_without_a_password_cannot_be_signed_in_to(firm, at_nine):
    user = create_user(actor=SYSTEM, username="later", employee_number="S98", name="以后", department=firm.department)
    assert not user.has_usable_password()


@pytest.mark.parametrize("by", ["head", "desk", "clerk"])
def test_only_an_administrator_opens_accounts(firm, at_nine, by):
    with pytest.raises(NotPermitted):
        create_user(actor=firm.actor(by), username="x", employee_number="x", name="x", department=firm.department)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "desk"}, "username"),
        ({"password": "short"}, "password"),
        ({"email": "no address"}, "email"),
        ({"is_superuser": True}, "is_superuser"),
    ],
)
def test_a_wrong_account_is_refused_with_its_field(firm, at_nine, values, field):
    given = {"username": "new", "employee_number": "S97", "name": "新", "department": firm.department} | values
    with pytest.raises(Invalid) as refused:
        create_user(actor=firm.actor("admin"), **given)
    assert field in refused.value.errors


def test_a_stale_change_of_an_account_is_refused(firm, at_nine):
    change_user(firm["clerk"], actor=firm.actor("admin"), version=1, title="业务助理")
    with pytest.raises(Stale):
        change_user(firm["clerk"], actor=firm.actor("admin"), version=1, title="项目经理")


def test_nobody_closes_the_own_account(firm, at_nine):
    with pytest.raises(NotPermitted):
        deactivate_user(firm["admin"], actor=firm.actor("admin"), version=None)


def test_a_closed_account_and_a_new_password_end_the_tokens(firm, at_nine):
    for name in ("clerk", "desk"):
        create_token(actor=firm.actor(name), user=firm[name], name="script", days=7)
    deactivate_user(firm["clerk"], actor=firm.actor("admin"), version=None)
    set_password(firm["desk"], actor=firm.actor("admin"), password="another-long-one-7")
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    assert firm["desk"].__class__.objects.get(username="desk").check_password("another-long-one-7")


def test_preferences_are_ones_own_and_make_no_form_stale(firm, at_nine):
    user = set_preferences(actor=firm.actor("clerk"), language="en", shortcuts_enabled=False)
    assert (user.language, user.shortcuts_enabled, user.version) == ("en", False, 1)
    with pytest.raises(Invalid):
        set_preferences(actor=firm.actor("clerk"), language="tlh")
    with pytest.raises(Invalid):
        set_preferences(actor=firm.actor("clerk"), is_active=False)


def test_the_head_adds_customers_to_the_own_department_only(firm, at_nine):
    head = firm.actor("head")
    assert create_customer(actor=head, code="C02", name="示例银行B", department=firm.department)
    with pytest.raises(NotPermitted):
        create_customer(actor=head, code="C03", name="示例保险", department=firm.other_department)
    with pytest.raises(NotPermitted):
        change_customer(firm.customer, actor=head, version=1, department=firm.other_department)


def test_the_desk_adds_contacts_but_cannot_entitle_them(firm, at_nine):
    desk = firm.actor("desk")
    contact = create_contact(actor=desk, customer=firm.customer, name="顾清和", phone="01000000102")
    assert (contact.code, contact.phone, contact.may_confirm) == ("C01-P2", "010-00000102", False)
    with pytest.raises(NotPermitted):
        change_contact(contact, actor=desk, version=1, may_confirm=True)
    assert change_contact(contact, actor=firm.actor("head"), version=1, may_confirm=True).may_confirm
    with pytest.raises(NotPermitted):
        create_contact(actor=desk, customer=firm.customer, name="谁", may_confirm=True)
    with pytest.raises(NotPermitted):
        create_contact(actor=firm.actor("clerk"), customer=firm.customer, name="谁")


def test_a_refused_change_leaves_one_entry_in_the_security_stream(firm, at_nine, transactional_db):
    with pytest.raises(NotPermitted):
        change_contact(firm.contact, actor=firm.actor("clerk"), version=1, name="改名")
    entry = Entry.objects.get(stream__startswith="security:")
    assert (entry.actor, entry.action) == (firm["clerk"].stream, "change_contact")
