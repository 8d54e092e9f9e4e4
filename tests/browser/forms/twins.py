"""The desk's scripts with one fence taken out, for showing that a trial sees the fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# The draft of what was saved stays.
NEVER_CLEARED = {"draft": {"    done.add(key);\n    localStorage.removeItem(OWN + key);\n": ""}}
# Whatever is chosen, the button that is filled when the page opens is pressed.
ALWAYS_THE_FILLED_ONE = {
    "sending": {
        '    one.classList.toggle("btn-primary", one === way);\n': "",
        'return ways(form).find((one) => one.getAttribute("aria-pressed") === "true");': (
            "return form.querySelector('[aria-pressed=true]') && form.querySelector('.btn-primary');"
        ),
    }
}
# A form that is on its way is sent once more.
TWICE = {"sending": {"if (sent.has(form)) {": "if (false) {"}}


def replace_scripts(page: Any, twin: dict[str, dict[str, str]]) -> None:
    """From now on the page loads the scripts so altered."""

    def altered(route: Any) -> None:
        name = route.request.url.rpartition("/")[2].split(".")[0]
        text = Path(settings.BASE_DIR, "static", "js", f"{name}.js").read_text()
        for fence, without in twin[name].items():
            assert text.count(fence) == 1, f"the fence is another one: {fence}"
            text = text.replace(fence, without)
        route.fulfill(body=text, content_type="text/javascript")

    for name in twin:
        page.route(f"**/js/{name}.*", altered)


def led_away(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Every part of a page that is answered with a redirect takes the page there."""
    if response.status_code in (302, 303) and getattr(request, "htmx", False):
        response.status_code = 204
        response.headers["HX-Redirect"] = response.headers.pop("Location")
    return response
