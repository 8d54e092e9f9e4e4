"""Writing an article, and changing one's own draft."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from accounts.requests import DeskRequest
from knowledge import access, actions
from knowledge.forms import ArticleForm
from knowledge.models import KnowledgeArticle
from knowledge.views.common import leaves
from ledger.exceptions import Invalid, NotPossible, Stale
from ledger.forms import add_errors, posted_version
from procedure.queries import Leaf
from ui.conflicts import chosen, conflict_page


@require_http_methods(["GET", "POST"])
@login_required
def new_article(request: DeskRequest) -> HttpResponse:
    """An empty form, and with POST the new draft."""
    form = ArticleForm(request.POST or None, leaves=_offered())
    if not form.is_valid():
        return _page(request, form)
    try:
        article = actions.write(actor=request.actor, **form.cleaned_data)
    except Invalid as refused:
        add_errors(form, refused)
        return _page(request, form)
    messages.success(request, _("Drafted as %(code)s") % {"code": article.code})
    return HttpResponseRedirect(reverse("article", args=[article.code]))


@require_http_methods(["GET", "POST"])
@login_required
def edit_article(request: DeskRequest, code: str) -> HttpResponse:
    """The own draft in a form, and with POST the change of it."""
    article = access.article_for_reading(request.actor, code)
    if article is None:
        raise Http404(_("No such article, or not yours to see."))
    access.require_author(request.actor, article)
    if request.method == "GET" and article.status != KnowledgeArticle.Status.DRAFT:
        return HttpResponseRedirect(reverse("article", args=[code]))
    standing = ArticleForm(initial=ArticleForm.initial_of(article), leaves=_offered())
    if request.method == "GET":
        return _page(request, standing, article)
    form = ArticleForm(chosen(request.POST, standing), leaves=_offered())
    if not form.is_valid():
        return _page(request, form, article)
    try:
        version = posted_version(request.POST)
        actions.revise(article.pk, actor=request.actor, version=version, **form.cleaned_data)
    except (Invalid, NotPossible) as refused:
        add_errors(form, refused)
        return _page(request, form, article, refused.status)
    except Stale as stale:
        back = reverse("article", args=[code])
        return conflict_page(
            request, stale, typed=form, standing=standing, version=article.version, title=article.title, back=back
        )
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("article", args=[code]))


def may_revise(actor: Actor, article: KnowledgeArticle) -> bool:
    """Whether it is the actor's own draft."""
    own = actor.user is not None and actor.user.pk == article.author_id
    return own and article.status == KnowledgeArticle.Status.DRAFT


def _offered() -> list[Leaf]:
    return [leaf for leaf in leaves().values() if leaf.is_active]


def _page(
    request: DeskRequest, form: ArticleForm, article: KnowledgeArticle | None = None, status: int = 422
) -> HttpResponse:
    context = {"form": form, "article": article}
    return render(request, "knowledge/form.html", context, status=status if form.is_bound else 200)
