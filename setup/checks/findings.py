"""One thing that a desk lacks."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Finding:
    """What is missing and what follows from it, both as sentences, and where it is mended.

    One that is `grave` keeps people from a step of the procedure; any other is worth a look. `confirms` is the kind of
    confirmation that settles it where nothing but somebody's word can.
    """

    sentence: str
    follows: str
    address: str = ""
    grave: bool = True
    confirms: str = ""


def at(name: str, *arguments: object) -> str:
    """The address of a page by its name."""
    return reverse(name, args=arguments)
