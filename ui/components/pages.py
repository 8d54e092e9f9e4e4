"""What pages and lists are put together from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from ui.components.drawing import draw
from ui.components.forms import hidden_token, token_of
from ui.components.records import button

register = template.Library()


class Refusal(Protocol):
    """What says why something was refused, as `ledger.exceptions.Refused` does."""

    errors: Any

    @property
    def all_reasons(self) -> Sequence[Any]:
        """Each with its sentence and clause."""

    @property
    def sentences(self) -> Sequence[str]:
        """What is wrong with fields."""


@register.simple_tag(takes_context=True)
def current(context: template.Context, url: str) -> str:
    """`aria-current` for a link of the navigation that leads to this page, to one above it, or to what it is
    `part_of`."""
    return mark_current(context["request"].path, context.get("part_of"), url)


def mark_current(path: str, part_of: str | None, url: str) -> str:
    """The same for the page at `path`."""
    is_home = url.count("/") < 2
    is_here = url in (path, part_of) or (not is_home and path.startswith(url))
    return SafeString('aria-current="page"') if is_here else ""


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> SafeString:
    """The links of the side bar and of the phone's sheet."""
    here = partial(mark_current, context["request"].path, context.get("part_of"))
    frame = context["frame"]
    return draw("components/navigation.html", items=frame.items, reference=frame.reference, here=here)


@register.simple_tag(takes_context=True)
def preferences(context: template.Context) -> SafeString:
    """Language, theme, password, sign-out."""
    request = context["request"]
    user = getattr(request, "user", None)
    return draw(
        "components/preferences.html",
        token=hidden_token(token_of(context)),
        address=request.get_full_path(),
        is_signed_in=user is not None and user.is_authenticated,
    )


@register.simple_tag(takes_context=True)
def keys(context: template.Context) -> SafeString:
    """The shortcuts that hold everywhere and those of the record whose page it is."""
    steps, own = context.get("step_bar"), context.get("own_actions", ())
    return draw("components/keys.html", places=context["frame"].places, steps=steps, own_actions=own)


@register.simple_tag(takes_context=True)
def command(context: template.Context) -> SafeString:
    """The command palette: the steps of the record whose page it is, then pages, then records."""
    frame, declaration = context["frame"], context.get("declaration")
    return draw(
        "components/command.html",
        places=frame.places,
        command_url=frame.command_url,
        steps=context.get("step_bar"),
        own_actions=context.get("own_actions", ()),
        version=declaration.version if declaration else None,
        action=partial(button, token_of(context)),
    )


@register.simple_block_tag
def panel(content: str, title: str, icon: str = "", clause: str = "", note: str = "", state: Any = None) -> str:
    """A card with a head; `state` is (tone, icon, word) of a badge beside the title."""
    context = {"content": content, "title": title, "icon": icon, "clause": clause, "note": note, "state": state}
    return render_to_string("components/panel.html", context)


@register.simple_block_tag
def notice(content: str, title: str = "", tone: str = "amber", icon: str = "alert-triangle") -> str:
    """A remark with a coloured edge that belongs to the place where it stands."""
    return render_to_string("components/notice.html", {"content": content, "title": title, "tone": tone, "icon": icon})


@register.inclusion_tag("components/refusal.html")
def refusal(refused: Refusal | None, back: str = "", label: str = "", whole: bool = False) -> dict[str, Any]:
    """Why something did not go through: what forbids it, or what is wrong; `whole` has a sentence over it."""
    if refused is None:
        return {}
    reasons = refused.all_reasons if whole or not refused.errors else []
    return {"reasons": reasons, "sentences": refused.sentences, "back": back, "label": label}


@register.simple_block_tag
def dialog(content: str, id: str, title: str, text: str = "") -> str:
    """A question that opens over the page; its content is the form with its two buttons."""
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title, "text": text})


@register.inclusion_tag("components/back.html")
def back_to(name: str, label: str = "") -> dict[str, Any]:
    """The way up to the list with that name, before the title of a page."""
    return {"url": reverse(name), "label": label}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", icon: str = "inbox", url: str = "", label: str = "") -> dict[str, Any]:
    """What would be here, and the first step towards it."""
    return {"title": title, "text": text, "icon": icon, "url": url, "label": label}


@register.inclusion_tag("components/segmented.html")
def segmented(items: Sequence[Any], label: str) -> dict[str, Any]:
    """Two to four views of the same page, one of them chosen."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Any], label: str) -> dict[str, Any]:
    """Views of a list with their counts, one of them open."""
    return {"items": items, "label": label}


@register.simple_tag
def filter_bar(bar: Any) -> SafeString:
    """Search in the results, filters as chips, order."""
    return draw("components/filter_bar.html", bar=bar, name=pgettext("button", "Filter"))


@register.simple_block_tag
def data_table(content: str, caption: str, *heads: str, kind: str = "data", walked: bool = False) -> str:
    """A table, its rows between the tags; one of `kind` data scrolls by itself where it is too wide.

    Where it is `walked`, J and K go from row to row.
    """
    context = {"content": content, "caption": caption, "heads": heads, "kind": kind, "walked": walked}
    return render_to_string("components/data_table.html", context)


@register.simple_block_tag
def list_table(content: str, caption: str, *heads: str) -> str:
    """A list, one thing a line with cards on a phone, its rows between the tags; J and K go from row to row."""
    return data_table(content, caption, *heads, kind="records", walked=True)


@register.inclusion_tag("components/pager.html")
def pager(previous_url: str = "", next_url: str = "", words: str = "") -> dict[str, Any]:
    """Steps through a list by its keys, so without page numbers."""
    return {"previous_url": previous_url, "next_url": next_url, "words": words}
