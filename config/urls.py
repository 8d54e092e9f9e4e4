"""URL root: each package brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("accounts.urls")),
    path("", include("knowledge.urls")),
    path("", include("notifications.urls")),
    path("", include("record_form.urls")),
    path("", include("portal.urls")),
]
