"""A draft for the knowledge base out of a solved record (R-5.4.4-9)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from accounts.queries import head_of
from accounts.requests import DeskRequest
from desk.record.drafting import may_draft, prefilled
from desk.record.forms import DraftForm
from incidents.access import declaration_for_reading
from incidents.models import Declaration
from knowledge import actions
from knowledge.models import KnowledgeArticle
from knowledge.queries import drafted_from
from ledger.exceptions import Invalid, NotPossible
from ledger.forms import add_errors


@require_http_methods(["GET", "POST"])
@login_required
def draft(request: DeskRequest, number: str) -> HttpResponse:
    """The article as the record tells it, and with POST its draft."""
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    if not may_draft(actor, declaration):
        raise NotPossible(_("A draft is written by desk or handler of an incident solved without an article."))
    drafted = drafted_from(number)
    if drafted is not None:
        return HttpResponseRedirect(reverse("record", args=[number]))
    form = DraftForm(request.POST if request.method == "POST" else None, initial=prefilled(declaration))
    if not form.is_valid():
        return _page(request, declaration, form, 422 if form.is_bound else 200)
    try:
        article = _drafted(actor, declaration, form)
    except Invalid as refused:
        add_errors(form, refused)
        return _page(request, declaration, form, 422)
    messages.success(request, _("Drafted as %(code)s") % {"code": article.code})
    return HttpResponseRedirect(reverse("article", args=[article.code]))


def _drafted(actor: Actor, declaration: Declaration, form: DraftForm) -> KnowledgeArticle:
    head = head_of(declaration.department)
    return actions.draft(
        actor=actor,
        source=declaration.number,
        categories=[declaration.leaf],
        department=declaration.department,
        reviewer=head if head != actor.user else None,
        **form.cleaned_data,
    )


def _page(request: DeskRequest, declaration: Declaration, form: DraftForm, status: int) -> HttpResponse:
    context = {"declaration": declaration, "form": form}
    return render(request, "desk/record/draft.html", context, status=status)
