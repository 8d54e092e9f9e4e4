"""The pages of this package alone, and one that says who asks."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def who(request: HttpRequest) -> HttpResponse:
    user = request.actor.user
    return HttpResponse(user.username if user else "nobody")


urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("who/", who),
    path("", who, name="desk"),
]
