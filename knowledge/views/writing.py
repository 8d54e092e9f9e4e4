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
from ledger.exceptions import Invalid
from ledger.forms import carried_out, change_page
from procedure.queries import Leaf


@require_http_methods(["GET", "POST"])
@login_required
def new_article(request: DeskRequest) -> HttpResponse:
    """An empty form, and with POST the new draft."""
    form = ArticleForm(request.POST or None, leaves=_offered())
    article = carried_out(form, lambda: actions.write(actor=request.actor, **form.cleaned_data))
    if article is None:
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
    back = reverse("article", args=[code])
    if request.method == "GET" and article.status != KnowledgeArticle.Status.DRAFT:
        return HttpResponseRedirect(back)

    def act(form: ArticleForm, version: int) -> KnowledgeArticle:
        after = actions.revise(article.pk, actor=request.actor, version=version, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return after

    return change_page(
        request,
        article,
        standing=ArticleForm(initial=ArticleForm.initial_of(article), leaves=_offered()),
        typed=lambda posted: ArticleForm(posted, leaves=_offered()),
        act=act,
        shown=lambda form, version: _page(request, form, article, version),
        title=article.title,
        back=back,
    )


def may_revise(actor: Actor, article: KnowledgeArticle) -> bool:
    """Whether it is the actor's own draft."""
    own = actor.user is not None and actor.user.pk == article.author_id
    return own and article.status == KnowledgeArticle.Status.DRAFT


def _offered() -> list[Leaf]:
    return [leaf for leaf in leaves().values() if leaf.is_active]


def _page(
    request: DeskRequest, form: ArticleForm, article: KnowledgeArticle | None = None, version: int = 0
) -> HttpResponse:
    context = {"form": form, "article": article, "version": version}
    return render(request, "knowledge/form.html", context, status=Invalid.status if form.is_bound else 200)
