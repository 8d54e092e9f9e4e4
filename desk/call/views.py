"""Logging a call: the page, who is calling, what is like it, and the relay of those who are not the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import Actor, local_day
from accounts.models import Contact, Role
from accounts.requests import DeskRequest
from base.clock import now
from desk.call.callers import looks_up_people
from desk.call.forms import RegisterForm
from desk.home.rows import clock_words
from desk.step_address import step_address
from escalation.queries.shown_clocks import shown_clocks
from incidents import actions
from incidents.access import declaration_for_reading
from incidents.models import WRITTEN_CHANNELS, Channel, Declaration
from incidents.queries.contacts import SHOWN_OPEN, Caller, is_desk_for, known_contact
from incidents.queries.contacts import caller as known_caller
from incidents.queries.similar import similar
from knowledge.queries import suggest
from ledger.exceptions import Invalid
from ledger.forms import add_errors
from procedure.queries import in_force, rules
from sla.models import Closure, Contract
from sla.targets import Target
from ui.htmx import is_part

LIKE_FROM = 2
LIKE_TEXT = 2000
SHOWN_LIKE = 3
# The page shows one of the two, as the channel is chosen.
BY_WAY = '<span class="by-phone">{}</span><span class="by-other-way">{}</span>'
CHANNEL_ICONS = {
    Channel.PHONE: "phone",
    Channel.EMAIL: "mail",
    Channel.LETTER: "mailbox",
    Channel.FAX: "printer",
    Channel.MONITORING: "activity",
    Channel.MAINTENANCE: "tools",
    Channel.OTHER: "dots",
}


@require_http_methods(["GET", "POST"])
@login_required
def register(request: DeskRequest) -> HttpResponse:
    """The page; a POST accepts the call (`act` accept or screen) or relays it (`act` relay).

    `linked` names a closed record that the call follows, whose caller and subject are known already.
    A call of a customer whose desk somebody else is comes back as a relay, with everything typed.
    """
    actor = request.actor
    relaying = not _is_desk(actor)
    if request.method == "GET":
        return _page(request, _begun(actor, relaying, request.GET.get("linked", "")))
    form = RegisterForm(request.POST, request.FILES, actor=actor, relaying=relaying)
    if not form.is_valid():
        return _page(request, form, status=422)
    if not (relaying or form.may_accept or request.POST.get("act") == "relay"):
        return _page(request, form, status=422, offers_relay=True)
    try:
        return _registered(request, form, _register(form))
    except Invalid as refused:
        add_errors(form, refused)
        return _page(request, form, status=422)


@require_GET
@login_required
@looks_up_people
def caller(request: DeskRequest) -> HttpResponse:
    """The panels beside the form for a contact; with `preview` only these, else also the field and the buttons.

    Without a contact the caller is somebody new, or with `change` not chosen any more.
    """
    actor, preview = request.actor, "preview" in request.GET
    contact = _contact(actor, request.GET.get("caller_id", ""))
    known = known_caller(actor, contact) if contact else None
    form = RegisterForm(actor=actor, relaying=not _is_desk(actor))
    context = {
        **_form_context(form, contact),
        **_panels(actor, known),
        "preview": preview,
        "exchanges": known is not None or "change" in request.GET,
        "offers_relay": form.relaying
        or ("change" not in request.GET and not is_desk_for(actor, contact.customer if contact else None)),
    }
    return render(request, "desk/call/_caller.html", context)


@require_POST
@login_required
def like(request: DeskRequest) -> HttpResponse:
    """Articles and records that resemble what is being typed, only what the reader may see."""
    actor = request.actor
    text = f"{request.POST.get('subject', '')} {request.POST.get('body', '')}".strip()[:LIKE_TEXT]
    is_long_enough = len(text) >= LIKE_FROM
    records = similar(actor, text) if is_long_enough else []
    contact = _contact(actor, request.POST.get("caller_id", "")) if records else None
    same = [record for record in records if contact and record.is_open and record.customer_id == contact.customer_id]
    context = {
        "articles": suggest(text, actor=actor, limit=SHOWN_LIKE) if is_long_enough else [],
        "records": records[:SHOWN_LIKE],
        "follow_up": same[0] if same else None,
        "searched": is_long_enough,
    }
    return render(request, "desk/call/_like.html", context)


def _contact(actor: Actor, key: str) -> Contact | None:
    """The contact of an id in an address; None for any other text."""
    return known_contact(actor, int(key)) if key.isdecimal() and len(key) < 10 else None


def _is_desk(actor: Actor) -> bool:
    return bool(actor.holds(Role.SERVICE_DESK) or actor.holds(Role.DUTY_DESK))


def _register(form: RegisterForm) -> Declaration:
    if not form.may_accept:
        return actions.relay(form.call(), actor=form.actor, answered_live=form.answers_live)
    return actions.accept(form.call(), actor=form.actor, answered_live=form.answers_live)


def _registered(request: DeskRequest, form: RegisterForm, declaration: Declaration) -> HttpResponse:
    """On to the record, or to its screening; relaying staff go back to their desk."""
    number = declaration.number
    if not form.may_accept:
        name = declaration.desk.name if declaration.desk else ""
        url = reverse("desk")
        message = _("Relayed as %(number)s; %(name)s has been told") % {"number": number, "name": name}
    elif declaration.first_response_at is not None:
        url, message = _record_url(request, number), _("Accepted %(number)s, responded on time") % {"number": number}
    else:
        url, message = _record_url(request, number), _("Accepted %(number)s") % {"number": number}
    messages.success(request, message)
    return HttpResponseRedirect(url)


def _record_url(request: DeskRequest, number: str) -> str:
    if request.POST.get("act") == "screen":
        return step_address(number, "screen_as_incident")
    return reverse("record", args=[number])


def _begun(actor: Actor, relaying: bool, number: str) -> RegisterForm:
    if not number:
        return RegisterForm(actor=actor, relaying=relaying)
    earlier = declaration_for_reading(actor, number)
    known = {"linked": number, "subject": earlier.subject, "caller_name": earlier.caller_name}
    form = RegisterForm(actor=actor, relaying=relaying, initial=known)
    form.linked_to = earlier
    form.contact = known_contact(actor, earlier.contact_id) if earlier.contact_id else None
    return form


def _page(request: DeskRequest, form: RegisterForm, *, status: int = 200, offers_relay: bool = False) -> HttpResponse:
    if form.is_bound and "attachments" in form.fields and "attachments" not in form.errors:
        # The browser keeps the chosen files where only the rest of the form is exchanged.
        form.fields["attachments"].widget.attrs["hx-preserve"] = "true"
    # Found by the whole number alone: who relays is not told of that person, and keeps the number that was typed.
    contact = known_contact(form.actor, form.contact.pk) if form.contact else None
    known = known_caller(form.actor, contact) if contact else None
    context = {
        **_form_context(form, contact),
        **_panels(form.actor, known),
        "unknown": form.is_unknown_caller,
        "offers_relay": offers_relay or form.relaying,
        "follows": form.linked_to,
        "late_hours": rules(in_force(local_day(now())).pk).parameter("received_back_hours"),
        "written": WRITTEN_CHANNELS,
        "at": now(),
    }
    template = "desk/call/_form.html" if is_part(request) else "desk/call/page.html"
    return render(request, template, context, status=status)


def _form_context(form: RegisterForm, contact: Contact | None) -> dict[str, Any]:
    channels = [] if form.relaying else [(CHANNEL_ICONS[Channel(each.data["value"])], each) for each in form["channel"]]
    names = {"form": form, "contact": contact, "channels": channels, "relaying": form.relaying}
    return {**names, "caller_label": format_html(BY_WAY, form["caller"].label, _("Contact (number or name)"))}


def _panels(actor: Actor, known: Caller | None) -> dict[str, Any]:
    if known is None:
        return {"known": None}
    clocks = shown_clocks(known.open_cases, now())
    return {
        "known": known,
        "is_own": is_desk_for(actor, known.contact.customer),
        "agreed": _agreed(known.contract) if known.contract else [],
        "cases": [(case, clocks.get(case.pk), clock_words(clocks.get(case.pk))) for case in known.open_cases],
        "more_cases": known.open_count > SHOWN_OPEN,
    }


def _agreed(contract: Contract) -> list[str]:
    """What the contract asks of whoever handles its calls, a line each."""
    lines = []
    if contract.response_target:
        lines.append(_("Response within %(span)s") % {"span": Target.from_data(contract.response_target).words()})
    lines += [str(note) for note in contract.process_notes]
    if contract.closure == Closure.WRITTEN and not contract.process_notes:
        lines.append(_("Closing needs a signed and stamped confirmation"))
    return lines
