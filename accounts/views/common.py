"""What the pages of departments, people and roles share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import access
from accounts.requests import DeskRequest
from ledger.exceptions import Invalid
from ledger.forms import change_page
from ledger.models import Record

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class FormPage:
    """How a page with one form looks.

    `path` are the pages above it (label, address), the last of which one goes back to; `ways` are other forms for the
    same, as components/segmented.html takes them.
    """

    title: str
    button: str
    path: Sequence[tuple[str, str]]
    clause: str = ""
    note: str = ""
    ways: Sequence[Mapping[str, Any]] = ()

    @property
    def back(self) -> str:
        """Where one goes without saving."""
        return self.path[-1][1]

    def answer(self, request: DeskRequest, form: Form, version: int = 0) -> HttpResponse:
        """The page, with what is wrong where something is."""
        status = Invalid.status if form.is_bound and form.errors else 200
        return render(request, "accounts/form.html", {"page": self, "form": form, "version": version}, status=status)


def for_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse everybody else."""

    @wraps(view)
    def entitled(request: DeskRequest, *args: Any, **parts: Any) -> HttpResponse:
        access.require_administer(request.actor)
        return view(request, *args, **parts)

    return entitled


def changed(
    request: DeskRequest,
    page: FormPage,
    found: Record,
    standing: Form,
    typed: Callable[[Any], Form],
    act: Callable[[Form, int], object],
) -> HttpResponse:
    """A form over what stands, and with POST the change; somebody faster is shown beside what was typed."""
    return change_page(
        request,
        found,
        standing=standing,
        typed=typed,
        act=act,
        shown=lambda form, version: page.answer(request, form, version),
        title=page.title,
        back=page.back,
    )


def searched(request: DeskRequest) -> str:
    """What was typed into the search of a list."""
    return request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip()


def list_address(name: str, **given: str) -> str:
    """The address of a list with the parameters that are not empty."""
    kept = {key: value for key, value in given.items() if value}
    return reverse(name) + (f"?{urlencode(kept)}" if kept else "")
