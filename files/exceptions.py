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


class StoreAway(Exception):
    """The object store of the attachments does not answer, or not to this desk; the words are for the log.

    Whoever sent the request is told by `config.errors` with status 503.
    """
