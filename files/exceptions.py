"""Why a file was not taken."""

from __future__ import annotations

from django.utils.functional import Promise


class FileRefused(Exception):
    """A file that is not kept; `sentence` tells the person what to do, `code` is a stable word for programs."""

    def __init__(self, sentence: str | Promise, *, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code

    def __str__(self) -> str:
        return str(self.sentence)
