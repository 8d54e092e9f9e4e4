"""A caller who was typed is tied to a contact of the customer, also long after the call (clause 5.4.2)."""

from __future__ import annotations

import pytest

from accounts.access import may_enter_contacts
from accounts.actions import add_number, change_contact, create_contact
from accounts.actors import SYSTEM, actor_for
from accounts.models import Contact, ContactPoint, Customer, Role
from accounts.queries import find_contacts, holders
from base.clock import now
from incidents import actions
from incidents.forms.intake import TieContactForm
from incidents.models import Declaration
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.models import Entry
from ledger.verification import verify
from search.queries import matching
from sla.models import Contract
from tests.firm import (
    BANK_B,
    CHEN_HEAD,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WANG_DESK,
    XU_SALES,
    client_of,
    contact,
    person,
    staff,
)
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = Scene()


def tie(declaration: Declaration, by: str = LIU_DESK, **values: object) -> Declaration:
    return SCENE.do(actions.tie_contact, declaration, by, **{"contact": contact(TANG_BANK_B), **values})


def test_what_was_typed_stays_and_the_record_names_the_contact() -> None:
    tied = tie(SCENE.unregistered())
    assert (tied.contact, tied.caller) == (contact(TANG_BANK_B), "唐若宁")
    assert (tied.caller_name, tied.caller_phone) == ("钱女士", "13900002999")
    assert tied.contact_means == contact(TANG_BANK_B).mobile
    for words in ("唐若宁", "钱女士"):
        assert Declaration.objects.filter(pk__in=matching("declaration", words)).get() == tied


def test_clocks_and_state_go_on_as_they_were() -> None:
    before = SCENE.unregistered()
    tied = tie(before)
    assert (tied.state, tied.response_clock, tied.desk) == (before.state, before.response_clock, before.desk)


def test_a_wrong_contact_is_replaced_with_its_means() -> None:
    made = SCENE.accepted()
    right = SCENE.second_contact()
    tied = tie(made, contact=right)
    assert (tied.contact, tied.caller_name, tied.contact_means) == (right, "唐若宁", "13900002998")


def test_the_number_that_was_typed_is_kept_by_a_tick() -> None:
    tie(SCENE.unregistered(), keep_number=True)
    assert ContactPoint.objects.get(contact=contact(TANG_BANK_B), value="13900002999").kind == "phone"
    assert find_contacts("13900002999") == [contact(TANG_BANK_B)]
    entry = Entry.objects.filter(stream=contact(TANG_BANK_B).stream).latest("sequence")
    assert (entry.action, list(verify([entry.stream]))) == ("change_contact", [])


def test_without_the_tick_the_contact_stays_as_it_is() -> None:
    before = contact(TANG_BANK_B).version
    tie(SCENE.unregistered())
    assert (contact(TANG_BANK_B).version, find_contacts("13900002999")) == (before, [])


def test_a_number_that_the_contact_has_makes_no_entry() -> None:
    before = contact(TANG_BANK_B)
    add_number(before, actor=staff(LIU_DESK), number=f" {before.mobile} ")
    assert contact(TANG_BANK_B).version == before.version


@pytest.mark.parametrize("wrong", ["of another customer", "who has left", "who stands there already", "nobody"])
def test_only_another_active_contact_of_the_customer_is_taken(wrong: str) -> None:
    made = SCENE.unregistered()
    chosen = contact(SHEN_BANK_A) if wrong == "of another customer" else contact(TANG_BANK_B)
    if wrong == "who has left":
        chosen = change_contact(chosen, actor=staff(LIU_DESK), version=None, left_on=now().date())
    if wrong == "who stands there already":
        tie(made)
    before = Declaration.objects.get(pk=made.pk)
    with pytest.raises(Invalid) as refused:
        tie(made, contact=None if wrong == "nobody" else chosen)
    assert set(refused.value.errors) == {"contact"}
    assert Declaration.objects.get(pk=made.pk).version == before.version


def test_a_record_without_a_customer_is_screened_first() -> None:
    call = SCENE.call(contact=None, caller_phone="13900002999", department=person(LIU_DESK).department)
    made = actions.accept(call, actor=SYSTEM)
    Declaration.objects.filter(pk=made.pk).update(handler=person(LIU_DESK))
    with pytest.raises(NotPossible, match="choose it when screening"):
        tie(made)


def test_neither_a_colleague_nor_the_head_ties() -> None:
    made = SCENE.unregistered()
    for number in (WANG_DESK, CHEN_HEAD):
        with pytest.raises(NotPermitted):
            tie(made, number)


@pytest.mark.parametrize("state", ["closed", "filed", "withdrawn"])
def test_what_is_closed_is_not_touched(state: str) -> None:
    made = SCENE.at(state)
    with pytest.raises(NotPossible):
        tie(made, contact=SCENE.second_contact())


def test_of_two_at_once_the_second_sees_the_first() -> None:
    made = SCENE.unregistered()
    tie(made)
    with pytest.raises(Stale):
        actions.tie_contact(made.pk, version=made.version, actor=staff(LIU_DESK), contact=SCENE.second_contact())
    assert Declaration.objects.get(pk=made.pk).contact == contact(TANG_BANK_B)


def test_who_handles_without_keeping_contacts_is_offered_no_tick() -> None:
    made = SCENE.unregistered()
    offered = {
        number: "keep_number" in TieContactForm(declaration=made, actor=staff(number)).fields
        for number in (LIU_DESK, WANG_DESK)
    }
    assert offered == {LIU_DESK: True, WANG_DESK: False}


def test_a_handler_without_that_right_cannot_add_the_number_either() -> None:
    made = SCENE.unregistered()
    Declaration.objects.filter(pk=made.pk).update(handler=person(WANG_DESK))
    with pytest.raises(NotPermitted):
        tie(made, WANG_DESK, keep_number=True)
    assert Declaration.objects.get(pk=made.pk).contact is None
    assert tie(made, WANG_DESK).contact == contact(TANG_BANK_B)


def test_a_security_record_keeps_its_rules() -> None:
    made = SCENE.unregistered(restricted=True)
    Declaration.objects.filter(pk=made.pk).update(handler=person(WANG_DESK))
    with pytest.raises(Declaration.DoesNotExist):
        tie(made, WANG_DESK)
    assert tie(made).restricted
    assert Customer.objects.get(code=BANK_B) == tie(made, contact=SCENE.second_contact()).customer


def enter(declaration: Declaration, by: str = LIU_DESK, **values: object) -> Declaration:
    typed = {"name": declaration.caller_name, "number": declaration.caller_phone}
    return SCENE.do(actions.enter_caller, declaration, by, **{**typed, **values})


def test_the_caller_becomes_a_contact_and_the_record_names_it() -> None:
    made = enter(SCENE.unregistered(), email="qian@c02.example", title="柜员")
    entered = made.contact
    assert entered is not None
    assert (entered.name, entered.mobile, entered.phone, entered.title) == ("钱女士", "13900002999", "", "柜员")
    assert (entered.customer, entered.may_confirm, made.contact_means) == (made.customer, False, "13900002999")
    assert find_contacts("13900002999") == [entered]
    for stream, action in ((made.stream, "enter_caller"), (entered.stream, "create_contact")):
        assert Entry.objects.filter(stream=stream).latest("sequence").action == action
        assert list(verify([stream])) == []


def test_a_landline_is_kept_as_such() -> None:
    made = enter(SCENE.unregistered(caller_phone="010-12345678"))
    assert made.contact is not None
    assert (made.contact.phone, made.contact.mobile) == ("010-12345678", "")


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": " "}, "name"), ({"number": "1" * 41}, "number"), ({"email": "no address"}, "email")],
)
def test_what_is_no_contact_leaves_both_as_they_were(typed: dict[str, str], field: str) -> None:
    made, before = SCENE.unregistered(), Contact.objects.count()
    with pytest.raises(Invalid) as refused:
        enter(made, **typed)
    assert set(refused.value.errors) == {field}
    assert (Contact.objects.count(), Declaration.objects.get(pk=made.pk).contact) == (before, None)


def test_the_same_name_with_the_same_number_is_no_second_contact() -> None:
    enter(SCENE.unregistered())
    with pytest.raises(Invalid) as refused:
        enter(SCENE.unregistered())
    assert "number already" in str(refused.value.errors["number"])
    assert enter(SCENE.unregistered(), number="13900002777").contact is not None


def test_pressed_twice_it_is_one_contact() -> None:
    made, before = SCENE.unregistered(), Contact.objects.count()
    enter(made)
    with pytest.raises(NotPossible, match="stands on the record already"):
        enter(made)
    assert Contact.objects.count() == before + 1


def test_only_the_desk_of_the_customer_enters_a_caller() -> None:
    made = SCENE.unregistered()
    for number in (WANG_DESK, CHEN_HEAD):
        with pytest.raises(NotPermitted):
            enter(made, number)


def test_of_nobody_written_down_there_is_nobody_to_enter() -> None:
    made = SCENE.unregistered(caller_name="", caller_phone="")
    with pytest.raises(NotPossible, match="Nothing was written down"):
        enter(made, name="钱女士")


def test_one_press_on_the_record_enters_the_caller_as_typed() -> None:
    made, desk = SCENE.unregistered(), client_of(LIU_DESK)
    shown = desk.get(f"/records/{made.number}/").content.decode()
    assert '<input type="hidden" name="name" value="钱女士">' in shown
    typed = {"name": "钱女士", "number": "13900002999", "email": "", "version": made.version}
    answer = desk.post(f"/records/{made.number}/do/enter_caller/", typed)
    tied = Declaration.objects.get(pk=made.pk)
    assert (answer.status_code, tied.caller, tied.contact_id is None) == (302, "钱女士", False)
    assert 'name="name" value="钱女士"' not in desk.get(f"/records/{made.number}/").content.decode()


def test_without_a_name_the_press_leads_to_the_form() -> None:
    made = SCENE.unregistered(caller_name="")
    shown = client_of(LIU_DESK).get(f"/records/{made.number}/").content.decode()
    assert 'name="number"' not in shown
    assert f'href="/records/{made.number}/do/enter_caller/"' in shown


def test_namesakes_are_told_apart_by_their_numbers() -> None:
    made = SCENE.unregistered()
    for mobile in ("13900002998", "13900002997"):
        SCENE.second_contact(mobile=mobile)
    form = TieContactForm(declaration=made, actor=staff(LIU_DESK))
    offered = [label for _code, label in form.fields["contact"].choices if "钱文静" in label]
    assert offered == ["钱文静 · number ends in 2998", "钱文静 · number ends in 2997"]


def screen(declaration: Declaration, **party: object) -> Declaration:
    """Its duty desk finds the call to be an incident of bank B, and enters the caller as a contact."""
    bank = Customer.objects.get(code=BANK_B)
    values = {"customer": bank, "contract": Contract.objects.get(customer=bank), "enters_caller": True, **party}
    answers = actions.ScopeAnswers(True, True, True)
    return SCENE.do(
        actions.screen_as_incident, declaration, desk_of(declaration), answers=answers, party=actions.Party(**values)
    )


def desk_of(declaration: Declaration) -> str:
    assert declaration.desk is not None
    return declaration.desk.employee_number


def of_nobody() -> Declaration:
    """A call of an unknown number, of which no customer is known before it is screened."""
    [duty] = holders(Role.DUTY_DESK, department=Customer.objects.get(code=BANK_B).department)
    return Scene(desk=duty.employee_number).unregistered(customer=None, department=duty.department)


def test_screening_enters_the_caller_by_a_tick() -> None:
    screened = screen(of_nobody())
    made = screened.contact
    assert made is not None
    assert (made.name, made.mobile, made.customer.code) == ("钱女士", "13900002999", BANK_B)
    assert (screened.state, screened.contact_means, screened.caller_name) == ("screened", "13900002999", "钱女士")
    assert Entry.objects.filter(stream=made.stream, action="create_contact").count() == 1


def test_a_number_that_is_asked_for_in_screening_is_that_of_the_new_contact() -> None:
    [duty] = holders(Role.DUTY_DESK, department=Customer.objects.get(code=BANK_B).department)
    nameless = Scene(desk=duty.employee_number).unregistered(customer=None, caller_phone="")
    made = screen(nameless, contact_means="13900002555").contact
    assert made is not None
    assert made.mobile == "13900002555"


def test_who_is_a_contact_with_that_number_already_is_not_entered_again() -> None:
    known = SCENE.second_contact(name="钱女士", mobile="13900002999")
    assert screen(of_nobody()).contact == known


def test_a_screening_that_is_refused_leaves_no_contact_behind() -> None:
    before = Contact.objects.count()
    with pytest.raises(Invalid):
        screen(of_nobody(), contract=None)
    with pytest.raises(Invalid) as refused:
        screen(of_nobody(), contact=contact(TANG_BANK_B))
    assert list(refused.value.errors) == ["contact"]
    assert Contact.objects.count() == before


def test_a_duty_desk_enters_a_caller_and_who_takes_no_calls_does_not() -> None:
    bank = Customer.objects.get(code=BANK_B)
    [duty] = holders(Role.DUTY_DESK, department=bank.department)
    assert may_enter_contacts(actor_for(duty), bank)
    assert not may_enter_contacts(staff(XU_SALES), bank)
    with pytest.raises(NotPermitted):
        create_contact(actor=staff(XU_SALES), customer=bank, name="路人")


def test_the_page_of_screening_offers_the_tick_until_there_is_a_contact() -> None:
    made = of_nobody()
    desk = client_of(desk_of(made))
    page = desk.get(f"/records/{made.number}/do/screen_as_incident/").content.decode()
    assert "钱女士" in page
    assert 'name="enters_caller"' in page
    bank = Customer.objects.get(code=BANK_B)
    contract = Contract.objects.get(customer=bank)
    sent = {
        "valid": "yes",
        "kind": "incident",
        "scope": "inside",
        "customer": bank.code,
        "contract": contract.number,
        "contact": "",
        "contact_means": "13900002999",
        "enters_caller": "on",
        "version": made.version,
    }
    assert desk.post(f"/records/{made.number}/screen/", sent).status_code == 302
    assert Declaration.objects.get(pk=made.pk).caller == "钱女士"
    known = client_of(LIU_DESK).get(f"/records/{SCENE.accepted().number}/do/screen_as_incident/").content.decode()
    assert 'name="enters_caller"' not in known
