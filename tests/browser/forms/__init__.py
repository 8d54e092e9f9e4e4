"""Every form of the desk: which there are, whose they are, where they stand and what is typed into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

# Who signs in or out, changes the language or confirms something without a word sends nothing that could be lost.
NO_FORM_OF_THE_DESK = frozenset(
    {"login.html", "start.html", "password_change_form.html", "set_password.html", "preferences.html"}
    | {"forgotten.html"}
    | {"foot_switches.html", "_card.html"}
)
FOLDERS = [Path(settings.BASE_DIR, name) for name in ("templates", "jinja")]
TAG = re.compile(r'{[%{] opened_form[ (]("[\w-]*"|verb)')


def stays(_page: Any) -> None:
    """The form stands on the page as soon as that is open."""


@dataclass(frozen=True)
class Form:
    """One form. `template` and `name` are those of its tag; `page` makes what it is about and says where it stands.

    `opens` is what has to be done on that page until the form is there, `button` by which one it is sent in the end
    (the filled one, or else the first), and `without` says of a way why it does not apply. `tagged` is what the tag
    says where that is not the name; `secret` are fields that are kept nowhere, `saves` whether it stores anything.
    """

    template: str
    name: str
    who: str
    page: Callable[[], str]
    values: Callable[[], Mapping[str, Any]] = dict
    opens: Callable[[Any], None] = stays
    button: str = ""
    tagged: str | None = None
    secret: Mapping[str, str] = field(default_factory=dict)
    saves: bool = True
    without: Mapping[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> tuple[str, str]:
        return self.template, self.name if self.tagged is None else self.tagged

    @property
    def title(self) -> str:
        return f"{self.name} ({self.template})"


def tags() -> set[tuple[str, str]]:
    """Every `{% opened_form %}` of the templates as (file, name); of a step the name is its verb."""
    return {
        (str(path.relative_to(folder)), name.strip('"'))
        for folder in FOLDERS
        for path in folder.rglob("*.html")
        for name in TAG.findall(path.read_text())
    }


def bare_forms() -> list[str]:
    """Files with a form that is posted without the tag."""
    return [
        path.name
        for folder in FOLDERS
        for path in sorted(folder.rglob("*.html"))
        for body in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.S)
        if not TAG.search(body) and path.name not in NO_FORM_OF_THE_DESK
    ]
