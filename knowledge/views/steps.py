"""What is done with an article on a page of its own: propose, approve, send back, renew, withdraw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from accounts.requests import DeskRequest
from knowledge import access, actions
from knowledge.forms import ProposeForm, RemarkForm, ValidityForm
from knowledge.models import KnowledgeArticle
from ledger.exceptions import NotPermitted, Refused
from ledger.forms import add_errors, posted_version

Status = KnowledgeArticle.Status


@dataclass(frozen=True)
class ArticleStep:
    """One thing that may be done with an article; `label` stands on its button, `sentence` above its form."""

    label: Promise
    sentence: Promise
    message: Promise
    icon: str
    statuses: tuple[str, ...]
    require: Callable[[Actor, KnowledgeArticle], object]
    form: Callable[[KnowledgeArticle, Any], forms.Form]
    action: Callable[..., KnowledgeArticle]


STEPS: Mapping[str, ArticleStep] = {
    "propose": ArticleStep(
        label=pgettext_lazy("article", "Propose for approval"),
        sentence=gettext_lazy("Somebody else than the author approves it: a head of department or the document owner."),
        message=gettext_lazy("Proposed. It is suggested to the desk once it is approved."),
        icon="send",
        statuses=(Status.DRAFT,),
        require=access.require_author,
        form=lambda article, data: ProposeForm(data, author=article.author, initial={"reviewer": article.reviewer_id}),
        action=actions.propose,
    ),
    "approve": ArticleStep(
        label=pgettext_lazy("article", "Approve and publish"),
        sentence=gettext_lazy("From now on it is suggested to the desk, and records adopt exactly this version."),
        message=gettext_lazy("Published."),
        icon="circle-check",
        statuses=(Status.IN_REVIEW,),
        require=access.require_publisher,
        form=lambda article, data: ValidityForm(data, initial={"valid_until": article.valid_until}),
        action=actions.approve,
    ),
    "return": ArticleStep(
        label=pgettext_lazy("article", "Send back to the author"),
        sentence=gettext_lazy("It becomes a draft again, with what has to be changed."),
        message=gettext_lazy("Sent back to the author."),
        icon="arrow-back-up",
        statuses=(Status.IN_REVIEW,),
        require=access.require_publisher,
        form=lambda article, data: RemarkForm(data),
        action=actions.send_back,
    ),
    "renew": ArticleStep(
        label=pgettext_lazy("article", "Renew"),
        sentence=gettext_lazy("It has been read again and still holds. The same words become a new version."),
        message=gettext_lazy("Renewed."),
        icon="refresh",
        statuses=KnowledgeArticle.PUBLISHED,
        require=access.require_publisher,
        form=lambda article, data: ValidityForm(data),
        action=actions.renew,
    ),
    "withdraw": ArticleStep(
        label=pgettext_lazy("article", "Withdraw"),
        sentence=gettext_lazy("It is suggested no more. Records that adopted it keep the version that they have."),
        message=gettext_lazy("Withdrawn."),
        icon="circle-minus",
        statuses=(Status.DRAFT, Status.IN_REVIEW, *KnowledgeArticle.PUBLISHED),
        require=access.require_withdraw,
        form=lambda article, data: RemarkForm(data),
        action=actions.withdraw,
    ),
}


def offered(actor: Actor, article: KnowledgeArticle) -> list[dict[str, object]]:
    """The steps that the actor may take now, each with its address; no query."""
    return [
        {"label": step.label, "icon": step.icon, "url": reverse(f"article-{name}", args=[article.code])}
        for name, step in STEPS.items()
        if article.status in step.statuses and _is_entitled(step, actor, article)
    ]


def _is_entitled(step: ArticleStep, actor: Actor, article: KnowledgeArticle) -> bool:
    try:
        step.require(actor, article)
    except NotPermitted:
        return False
    return True


@require_http_methods(["GET", "POST"])
@login_required
def step(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """The form of the step, and with POST the step itself; where it is not its time, GET leads back to the article."""
    article, chosen = access.article_for_reading(request.actor, code), STEPS[name]
    if article is None:
        raise Http404(_("No such article, or not yours to see."))
    if request.method == "GET" and article.status not in chosen.statuses:
        return HttpResponseRedirect(reverse("article", args=[code]))
    chosen.require(request.actor, article)
    form = chosen.form(article, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = _take(request, chosen, article, form)
    if status == HttpResponseRedirect.status_code:
        messages.success(request, str(chosen.message))
        return HttpResponseRedirect(reverse("article", args=[code]))
    context = {"article": article, "step": chosen, "form": form, "address": request.path}
    return render(request, "knowledge/step.html", context, status=status)


def _take(request: DeskRequest, chosen: ArticleStep, article: KnowledgeArticle, form: forms.Form) -> int:
    """Take the step if the form allows it; the status of the answer, a refusal stands in the form."""
    if not form.is_valid():
        return 422
    try:
        version = posted_version(request.POST)
        chosen.action(article.pk, actor=request.actor, version=version, **form.cleaned_data)
    except Refused as refused:
        add_errors(form, refused)
        return refused.status
    return HttpResponseRedirect.status_code
