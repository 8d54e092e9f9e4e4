"""Addresses of the knowledge base."""

from django.urls import path

from knowledge.views import article, listing, steps, writing

urlpatterns = [
    path("knowledge/", listing.knowledge, name="knowledge"),
    path("knowledge/new/", writing.new_article, name="article-new"),
    path("knowledge/<str:code>/", article.article, name="article"),
    path("knowledge/<str:code>/edit/", writing.edit_article, name="article-edit"),
    path("knowledge/<str:code>/propose/", steps.step, {"name": "propose"}, name="article-propose"),
    path("knowledge/<str:code>/approve/", steps.step, {"name": "approve"}, name="article-approve"),
    path("knowledge/<str:code>/return/", steps.step, {"name": "return"}, name="article-return"),
    path("knowledge/<str:code>/renew/", steps.step, {"name": "renew"}, name="article-renew"),
    path("knowledge/<str:code>/withdraw/", steps.step, {"name": "withdraw"}, name="article-withdraw"),
    path("knowledge/<str:code>/<str:label>/", article.article, name="article-version"),
]
