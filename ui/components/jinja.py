"""What the templates in `jinja/` can use: the smallest components by their names, and the words of the catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as formatted
from django.template.defaultfilters import linebreaksbr
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext
from jinja2 import ChainableUndefined, Environment, FileSystemLoader

from ui.components import basics, records
from ui.indentation import tightened


class Loader(FileSystemLoader):
    """Templates without their indentation, as those of Django are read."""

    def get_source(self, environment: Environment, template: str) -> Any:
        source, path, is_current = super().get_source(environment, template)
        return tightened(source), path, is_current


def environment(*, loader: FileSystemLoader, **options: Any) -> Environment:
    """As the setting TEMPLATES asks for it; what is missing is empty, as in Django's templates."""
    own = {"loader": Loader(loader.searchpath), "undefined": ChainableUndefined, "trim_blocks": True}
    made = Environment(**{**options, **own})  # noqa: S701 (Django's options ask for it)
    made.globals |= {
        "_": gettext,
        "pgettext": pgettext,
        "language": get_language,
        "url": reverse,
        "url_if_any": url_if_any,
        **{each.__name__: each for each in (basics.icon, basics.clause, basics.key, basics.level)},
        **{each.__name__: each for each in (basics.clock, basics.why, records.entry)},
    }
    made.filters |= {"moment_as": moment_as, "linebreaksbr": linebreaksbr}
    return made


def url_if_any(name: str) -> str:
    """The address with that name; nothing where the desk that is served has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def moment_as(value: datetime, form: str) -> str:
    """An instant in that form of Django's `date`, on the wall clock of the reader's zone."""
    return formatted(localtime(value), form)
