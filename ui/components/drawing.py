"""Components that a page has dozens of are drawn by Jinja, which compiles its templates (decision 74)."""

from __future__ import annotations

from django.template import engines
from django.utils.safestring import SafeString, mark_safe

ENGINE = "jinja"


def draw(name: str, /, **context: object) -> SafeString:
    """The template `jinja/<name>` with that context, in which a missing name counts as empty."""
    return mark_safe(engines[ENGINE].get_template(name).render(context))  # noqa: S308 (a template of ours)
