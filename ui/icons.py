"""The outline icons that the pages use; to add one, name it here and run `manage.py build_icons`."""

from __future__ import annotations

import re
from pathlib import Path

ICONS = frozenset(
    """
    activity address-book adjustments alert-circle alert-triangle archive arrow-back-up arrow-down arrow-forward-up
    arrow-left arrow-merge arrow-right arrow-up arrows-exchange arrows-vertical ban bell binary-tree bolt book-2
    briefcase bug building calendar calendar-event category certificate chart-bar chart-line check checks
    chevron-down chevron-left chevron-right chevron-up circle circle-check circle-minus circle-x clipboard-check
    clipboard-list clipboard-text clock clock-exclamation clock-pause clock-x columns-3 copy database device-floppy
    dots download external-link eye eye-off file-alert file-certificate file-check file-search file-text filter flag
    folder-open forms gavel git-merge help-circle history hourglass inbox info-circle key keyboard language
    layout-list layout-rows link list-check list-details list-search loader-2 lock lock-open logout mail mailbox
    map-pin menu-2 message message-check message-circle message-plus message-report minus mood-smile moon notes
    package paperclip pencil phone phone-call phone-check phone-incoming phone-outgoing phone-plus player-pause
    player-play plug plus printer progress question-mark receipt refresh repeat report-analytics robot route
    rubber-stamp scale search send server settings shield-check shield-lock shield-x signature sitemap speakerphone
    star sun table tag tools trash trending-up upload user user-check user-plus user-share users wifi-off world
    writing x zoom-question
    """.split()
)

_SHAPES = re.compile(r"<svg[^>]*>(?P<shapes>.*)</svg>", re.DOTALL)
_EMPTY_GROUND = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" />')


def sprite(source: Path) -> str:
    """One SVG document with a symbol for each icon, read from the folder `source` of single icons."""
    symbols = "".join(_symbol(name, (source / f"{name}.svg").read_text()) for name in sorted(ICONS))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _symbol(name: str, drawing: str) -> str:
    match = _SHAPES.search(drawing)
    if match is None:
        raise ValueError(f"{name} is no SVG drawing")
    shapes = " ".join(_EMPTY_GROUND.sub("", match["shapes"]).split())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'
