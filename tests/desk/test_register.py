"""Logging a call: who may, what it keeps, what it says when something is wrong, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime
from structlog.testing import capture_logs

from base.clock import now
from desk.call.callers import LookupRate
from incidents.models import Attachment, Declaration, State
from sla.models import Contract
from tests.firm import (
    ADMINISTRATOR,
    BANK_A,
    BANK_B,
    HE_RISK,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WAN_HAULIER_H,
    WANG_DESK,
    WU_DESK,
    XIE_INSURER_D,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    client_of,
    contact,
    person,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
# SQLite keeps the index of words in a table of its own.
STATEMENTS = 16 if connection.vendor == "postgresql" else 17
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def typed(**changes: Any) -> dict[str, Any]:
    """A complete call of a contact of the second bank, as the page sends it."""
    known = contact(TANG_BANK_B)
    values = {
        "opened_form": "register-k1",
        "act": "accept",
        "channel": "phone",
        "caller": known.name,
        "caller_id": str(known.pk),
        "subject": "对账单漏装",
        "body": "本月对账单漏装一页。",
        "received_at": f"{localtime(now()):%Y-%m-%dT%H:%M}",
        "answered_live": "on",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def send(client: Client, **changes: Any) -> Any:
    return client.post(reverse("register"), typed(**changes))


def test_the_focus_stands_in_the_callers_field_and_phone_is_chosen(scene):
    page = client_of(LIU_DESK).get(reverse("register")).content.decode()
    assert re.search(r'id="id_caller"[^>]*autofocus', page)
    assert re.search(r'value="phone"[^>]*checked', page)


def test_a_call_becomes_an_accepted_record_that_is_answered(scene):
    answer = send(client_of(LIU_DESK))
    made = Declaration.objects.get()
    assert answer.url == reverse("record", args=[made.number])
    assert (made.state, made.customer.code, made.contact.code) == (State.ACCEPTED, BANK_B, TANG_BANK_B)
    assert (made.caller_phone, made.first_response_at) == ("13900002001", made.received_at)


def test_accept_and_screen_goes_on_to_the_screening(scene):
    answer = send(client_of(LIU_DESK), act="screen")
    assert answer.url.endswith("/do/screen_as_incident/")


def test_a_call_that_was_not_answered_live_has_no_response_yet(scene):
    send(client_of(LIU_DESK), answered_live=None)
    assert Declaration.objects.get().first_response_at is None


def test_a_mail_is_never_answered_live(scene):
    send(client_of(LIU_DESK), channel="email", no_file_reason="网页邮箱不能导出原件")
    assert Declaration.objects.get().first_response_at is None


def test_a_double_click_or_the_back_button_makes_one_record(scene):
    client = client_of(LIU_DESK)
    made, again = send(client), send(client)
    declaration = Declaration.objects.get()
    assert (made.url, again.status_code) == (reverse("record", args=[declaration.number]), 409)
    page = again.content.decode()
    assert "Already saved (today 10:00)" in page
    assert reverse("record", args=[declaration.number]) in page


def test_other_words_from_a_form_that_was_sent_already_are_a_call_once_it_is_opened_anew(scene):
    client = client_of(LIU_DESK)
    send(client)
    assert send(client, body="另一件事：柜面叫号停了。").status_code == 409
    assert Declaration.objects.count() == 1
    send(client, body="另一件事：柜面叫号停了。", opened_form="register-k2")
    assert Declaration.objects.count() == 2


def test_the_same_key_of_somebody_else_is_another_call(scene):
    send(client_of(LIU_DESK))
    Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
    known = contact(SHEN_BANK_A)
    send(client_of(WANG_DESK), caller=known.name, caller_id=str(known.pk))
    assert Declaration.objects.count() == 2


def test_a_full_number_finds_its_contact_without_the_list(scene):
    send(client_of(LIU_DESK), caller="+86 139-0000-2001", caller_id=None)
    assert Declaration.objects.get().contact.code == TANG_BANK_B


def test_an_unknown_caller_goes_on_at_the_duty_desk(scene):
    send(client_of(WANG_DESK), caller="13811112222", caller_id=None, caller_name="沈主管")
    made = Declaration.objects.get()
    assert (made.customer, made.caller_name, made.caller_phone) == (None, "沈主管", "13811112222")


def test_a_name_that_was_typed_is_the_caller(scene):
    send(client_of(WANG_DESK), caller="沈主管", caller_id=None)
    assert (Declaration.objects.get().caller_name, Declaration.objects.get().caller_phone) == ("沈主管", "")


def test_another_desks_customer_comes_back_as_a_relay_with_everything_typed(scene):
    known = contact(SHEN_BANK_A)
    client = client_of(LIU_DESK)
    answer = send(client, caller=known.name, caller_id=str(known.pk))
    page = answer.content.decode()
    assert (answer.status_code, Declaration.objects.count()) == (422, 0)
    assert 'value="relay"' in page
    assert "本月对账单漏装一页。" in page
    sent = send(client, caller=known.name, caller_id=str(known.pk), act="relay")
    made = Declaration.objects.get()
    assert (sent.url, made.state, made.desk.name) == (reverse("desk"), State.RELAYED, "王晓舟")


def test_relaying_staff_are_asked_few_things_only(scene):
    page = client_of(ZHENG_CUSTODIAN).get(reverse("register")).content.decode()
    asked = set(re.findall(r'name="(\w+)"', page.partition('id="register"')[2].partition("</form>")[0]))
    who = {"caller", "caller_id", "caller_name", "caller_phone", "caller_company"}
    more = {"department", "answered_live"}
    assert asked == who | more | {"body", "received_at", "late_reason", "opened_form", "csrfmiddlewaretoken", "act"}


def test_sales_choose_the_department_that_was_called_and_hear_who_was_told(scene):
    client = client_of(XU_SALES)
    offered = re.findall(r'<option value="(\w+)"', client.get(reverse("register")).content.decode())
    assert offered == ["D1", "D2", "D3"]
    values = {"act": "relay", "caller": "沈主管", "caller_phone": "13800009901", "body": "请回电"}
    values |= {"opened_form": "register-k1", "received_at": "2026-11-23T09:58"}
    refused = client.post(reverse("register"), values, headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    assert "choose the department that was called" in refused.content.decode()
    sent = client.post(
        reverse("register"), {**values, "department": "D2"}, headers={"Accept-Language": "en"}, follow=True
    )
    made = Declaration.objects.get()
    assert (made.department.code, made.desk.name) == ("D2", person(ZHAO_DESK).name)
    assert f"{person(ZHAO_DESK).name} has been told" in sent.content.decode()


@pytest.mark.parametrize("ticked", [True, False])
def test_answered_in_person_is_kept_when_the_call_becomes_a_relay(scene, ticked):
    known = contact(SHEN_BANK_A)
    live = {"answered_live": "on"} if ticked else {"answered_live": None}
    send(client_of(LIU_DESK), caller=known.name, caller_id=str(known.pk), act="relay", **live)
    made = Declaration.objects.get()
    assert (made.state, made.first_response_at is not None) == (State.RELAYED, ticked)


def test_a_relay_takes_its_subject_from_the_content(scene):
    values = {name: typed()[name] for name in ("opened_form", "caller", "caller_id", "received_at")}
    client_of(ZHENG_CUSTODIAN).post(reverse("register"), {**values, "act": "relay", "body": "问账单排期\n请回电"})
    made = Declaration.objects.get()
    assert (made.state, made.subject, made.relayed_by.name) == (State.RELAYED, "问账单排期", "郑可心")


def test_whoever_has_the_whole_number_relays_the_call_of_somebody_they_are_not_told_of(scene):
    client, typed_number = client_of(XU_SALES), contact(TANG_BANK_B).mobile
    values = {"act": "relay", "opened_form": "register-k1", "received_at": "2026-11-23T09:58", "caller": typed_number}
    refused = client.post(reverse("register"), {**values, "body": ""})
    assert refused.status_code == 422
    assert f'value="{typed_number}"' in refused.content.decode()
    assert contact(TANG_BANK_B).name not in refused.content.decode()
    assert client.post(reverse("register"), {**values, "body": "请回电"}).status_code == 302
    made = Declaration.objects.get()
    assert (made.state, made.contact, made.desk.name) == (State.RELAYED, contact(TANG_BANK_B), person(LIU_DESK).name)


def test_a_relay_needs_a_number_for_calling_back(scene):
    answer = client_of(ZHENG_CUSTODIAN).post(
        reverse("register"), {"act": "relay", "caller": "沈主管", "body": "请回电", "received_at": "2026-11-23T09:58"}
    )
    assert answer.status_code == 422
    assert "Write down a number for calling back." in answer.content.decode()


def test_a_time_to_come_is_refused_with_the_time_that_was_meant(scene):
    tomorrow = localtime(now()) + timedelta(days=1, minutes=-18)
    answer = send(client_of(LIU_DESK), received_at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    page = answer.content.decode()
    assert (answer.status_code, Declaration.objects.count()) == (422, 0)
    assert "Received cannot be in the future." in page
    assert 'data-fills="id_received_at" data-value="2026-11-23T09:42"' in page
    assert 'href="#id_received_at"' in page


def test_an_old_call_needs_its_reason(scene):
    early = f"{localtime(now()) - timedelta(hours=80):%Y-%m-%dT%H:%M}"
    answer = send(client_of(LIU_DESK), received_at=early)
    assert (answer.status_code, "give the reason" in answer.content.decode()) == (422, True)
    send(client_of(LIU_DESK), received_at=early, late_reason="周末值班补登")
    assert Declaration.objects.get().late_reason == "周末值班补登"


LETTER = {"channel": "letter", "pages": "2", "received_on": "2026-11-20", "sender_reference": "〔2026〕31号"}


def test_a_letter_keeps_its_scan_pages_day_and_reference(scene):
    scan = SimpleUploadedFile("来函.pdf", PDF, content_type="application/pdf")
    send(client_of(LIU_DESK), **LETTER, attachments=scan)
    made = Declaration.objects.get()
    assert (made.pages, str(made.received_on), made.sender_reference) == (2, "2026-11-20", "〔2026〕31号")
    assert Attachment.objects.get().name == "来函.pdf"


def test_a_letter_without_a_file_shows_why_on_its_record(scene):
    client = client_of(LIU_DESK)
    page = send(client, **LETTER).content.decode()
    assert 'id="id_attachments_error"' in page
    assert 'class="register-files" open' in page, "the field for the reason is in sight"
    send(client, **LETTER, no_file_reason="原件由客户存档")
    page = client.get(f"/records/{Declaration.objects.get().number}/").content.decode()
    assert "原件由客户存档" in page
    assert "〔2026〕31号" in page


def test_a_mislabelled_file_is_refused_at_its_field(scene):
    scan = SimpleUploadedFile("来函.pdf", b"MZ\x90\x00not a pdf", content_type="application/pdf")
    answer = send(client_of(LIU_DESK), channel="letter", attachments=scan, pages="2", received_on="2026-11-23")
    assert (answer.status_code, Declaration.objects.count()) == (422, 0)
    assert 'id="id_attachments_error"' in answer.content.decode()


def test_what_a_letter_lacks_is_told_together_with_the_rest(scene):
    answer = send(client_of(LIU_DESK), channel="letter", subject="")
    assert (answer.status_code, Declaration.objects.count()) == (422, 0)
    assert set(answer.context["form"].errors) == {"subject", "pages", "received_on", "attachments"}


def test_what_an_email_lacks_is_told_together_with_the_rest(scene):
    answer = send(client_of(LIU_DESK), channel="email", subject="")
    assert set(answer.context["form"].errors) == {"subject", "attachments"}


@pytest.mark.parametrize("pages", ["0", "10000", "两页"])
def test_a_number_of_pages_is_asked_for_in_plain_words(scene, pages):
    answer = send(client_of(LIU_DESK), channel="letter", pages=pages)
    assert answer.context["form"].errors["pages"] == ["Enter the number of pages in digits, 1 to 9999."]


def test_what_belongs_to_another_channel_does_not_count(scene):
    send(client_of(LIU_DESK), channel="phone", pages="7", source="机房监控", no_file_reason="无")
    made = Declaration.objects.get()
    assert (made.pages, made.source, made.no_file_reason) == (None, "", "")


def test_an_alarm_names_source_and_customer_and_needs_no_caller(scene):
    client = client_of(LIU_DESK)
    refused = send(client, channel="monitoring", caller="", caller_id=None, act="relay")
    assert refused.status_code == 422
    send(client, channel="monitoring", caller="", caller_id=None, customer=BANK_B, source="机房监控", source_ref="A-7")
    made = Declaration.objects.get()
    assert (made.channel, made.customer.code, made.source, made.caller_name) == ("monitoring", BANK_B, "机房监控", "")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("subject", "", "This field is required."),
        ("body", "  ", "This field is required."),
        ("subject", "漏\x00装", "Null characters are not allowed."),
        ("body", "漏\x07装", "control characters"),
        ("subject", "长" * 201, "at most 200 characters"),
        ("received_at", "昨天", "Enter a valid date/time."),
        ("channel", "pigeon", "not one of the available choices"),
        ("caller_id", "x", "Enter a whole number."),
    ],
)
def test_bad_input_is_refused_by_name_and_kept(scene, field, value, sentence):
    answer = send(client_of(LIU_DESK), **{field: value})
    page = answer.content.decode()
    assert (answer.status_code, Declaration.objects.count()) == (422, 0)
    assert sentence in page
    assert field == "body" or "本月对账单漏装一页。" in page


def test_characters_of_four_bytes_and_markup_are_kept_as_they_are(scene):
    send(client_of(LIU_DESK), subject="𠮷野家 <b>😀</b>", body="<script>alert(1)</script>")
    made = Declaration.objects.get()
    assert (made.subject, made.body) == ("𠮷野家 <b>😀</b>", "<script>alert(1)</script>")
    page = client_of(LIU_DESK).get(reverse("desk")).content.decode()
    assert "&lt;b&gt;😀" in page


def test_a_form_without_script_and_one_with_it_get_the_same_answer(scene):
    client = client_of(LIU_DESK)
    part = client.post(reverse("register"), typed(subject=""), headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in part.content.decode()) == (422, False)
    done = client.post(reverse("register"), typed(), headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == reverse("record", args=[Declaration.objects.get().number])


def looked_up(code, typed):
    return client_of(code).get(reverse("register-contacts"), {"caller": typed}).content.decode()


def test_contacts_are_found_by_three_digits_or_two_signs(scene):
    assert "唐若宁" in looked_up(LIU_DESK, "200")
    assert "罗可为" in looked_up(LIU_DESK, "罗可")
    assert "罗可为" not in looked_up(LIU_DESK, "罗")
    assert looked_up(LIU_DESK, "").strip() == ""


def test_numbers_are_masked_until_the_caller_s_is_typed(scene):
    assert "139****2001" in looked_up(LIU_DESK, "唐若宁")
    assert "139****2001" in looked_up(LIU_DESK, "139 000")
    assert "<mark>139 0000 200</mark>1" in looked_up(LIU_DESK, "139 0000 200")


def test_a_desk_s_own_customers_stand_first_and_others_show_no_contract(scene):
    found = looked_up(ZHAO_DESK, "13900")
    assert found.index("杜昭明") < found.index("沈亦舟") < found.index("another desk")


@pytest.mark.parametrize("code", [XU_SALES, ADMINISTRATOR])
def test_who_is_no_desk_is_told_only_of_customers_in_sight(scene, code):
    known = contact(TANG_BANK_B)
    assert known.customer.name not in looked_up(code, known.name)
    panels = client_of(code).get(reverse("register-caller"), {"caller_id": known.pk}).content.decode()
    assert known.customer.name not in panels


def test_another_desk_s_caller_shows_whom_to_pass_the_call_to_and_no_contract(scene):
    known = contact(XIE_INSURER_D)
    page = client_of(LIU_DESK).get(reverse("register-caller"), {"caller_id": known.pk}).content.decode()
    assert known.customer.name in page
    assert known.mobile not in page.replace(" ", "")
    assert Contract.objects.get(customer=known.customer).number not in page


def test_whose_data_were_shown_to_whom_is_logged_by_codes(scene):
    with capture_logs() as lines:
        looked_up(LIU_DESK, "唐若宁")
    (line,) = [line for line in lines if line["event"] == "contacts_shown"]
    assert (line["reader"], line["contacts"]) == (LIU_DESK, [TANG_BANK_B])


def test_very_many_look_ups_are_told_to_wait(scene, monkeypatch):
    monkeypatch.setattr(LookupRate, "rate", "3/min", raising=False)
    monkeypatch.setattr(LookupRate, "cache", LocMemCache("look-ups", {}))
    client = client_of(LIU_DESK)
    answers = [client.get(reverse("register-contacts"), {"caller": "唐若"}).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_an_ended_contract_is_said_while_typing(scene):
    page = (
        client_of(WU_DESK).get(reverse("register-contacts"), {"caller": contact(WAN_HAULIER_H).name}).content.decode()
    )
    assert "contract ended" in page


def test_markup_in_a_search_stays_text(scene):
    page = client_of(LIU_DESK).get(reverse("register-contacts"), {"caller": "<img src=x>"}).content.decode()
    assert "<img" not in page


def test_open_cases_that_the_reader_may_not_see_are_not_counted(scene):
    scene.handed_over(type="infosec", receiver=HE_RISK)
    known = contact(TANG_BANK_B)
    seen = client_of(LIU_DESK).get(reverse("register-caller"), {"caller_id": known.pk}).content.decode()
    hidden = client_of(ZHENG_CUSTODIAN).get(reverse("register-caller"), {"caller_id": known.pk}).content.decode()
    assert ("对账单漏装" in seen, "对账单漏装" in hidden) == (True, False)


@pytest.mark.parametrize("given", ["999999", "x", "", "-1", "99999999999999999999"])
def test_an_unknown_contact_is_a_new_caller(scene, given):
    answer = client_of(LIU_DESK).get(reverse("register-caller"), {"caller_id": given})
    assert answer.status_code == 200


def test_like_records_and_articles_stand_beside_the_text(scene):
    made = scene.in_progress()
    known = contact(TANG_BANK_B)
    values = {"subject": "对账单漏装", "body": "漏装一页", "caller_id": known.pk}
    page = client_of(LIU_DESK).post(reverse("register-like"), values).content.decode()
    assert made.number in page
    assert reverse("record-step", args=[made.number, "communicate"]) in page
    assert "KB-" in page


def test_like_records_are_only_those_that_the_reader_may_see(scene):
    made = scene.in_progress()
    page = client_of(XU_SALES).post(reverse("register-like"), {"subject": "对账单漏装", "body": ""}).content.decode()
    assert made.number not in page


def test_logging_a_call_costs_few_statements(scene, count_queries):
    client, values = client_of(LIU_DESK), typed()
    client.post(reverse("register"), values)
    assert (
        count_queries(lambda: client.post(reverse("register"), {**values, "opened_form": "register-k2"})) <= STATEMENTS
    )
