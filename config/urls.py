"""URL root: each package brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from audit.queries import section_nine
from config.health import healthz
from record_form.urls import patterns as form_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("accounts.urls")),
    path("", include("knowledge.urls")),
    path("", include("notifications.urls")),
    path("", include("sla.urls")),
    # The form prints the review that a room above it keeps.
    path("", include(form_pages(section_nine))),
    path("", include("escalation.urls")),
    path("", include("audit.urls")),
    path("", include("reports.urls")),
    path("", include("setup.urls")),
    path("", include("workbook.urls")),
    path("api/", include("api.urls")),
    path("", include("desk.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
