"""Templates as they are sent: without the indentation that they are written with, a quarter of a page."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

# What must stay as it is written: text whose lines count, and sentences by which the catalogue is asked.
AS_WRITTEN = re.compile(
    r"(<(?P<tag>pre|textarea)\b.*?</(?P=tag)>|{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %})", re.DOTALL
)
LINE_END = re.compile(r"\s*\n\s*")


class Loader(filesystem.Loader):
    """Django's own, which reads pages with one line end where the file has a line end, empty lines and indentation."""

    def get_contents(self, origin: Origin) -> str:
        """The text of the template; raises TemplateDoesNotExist."""
        return tightened(super().get_contents(origin))


def tightened(written: str) -> str:
    """The same page in fewer characters."""
    parts: list[str] = []
    end = 0
    for kept in AS_WRITTEN.finditer(written):
        parts += [LINE_END.sub("\n", written[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*parts, LINE_END.sub("\n", written[end:])])
