"""How often pages may be asked that open without signing in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.actors import stranger
from accounts.passwords import address_of
from ledger.actions import record_refusal
from ledger.exceptions import Sentence, TooOften
from ui.rates import AddressRate, NamedRate, SharedRate


class LinkPages(AddressRate):
    """So many looks from one address at the pages behind a link."""

    scope = "password_link"


class LinkTries(NamedRate):
    """So many passwords tried with one link."""

    scope = "password_tries"


def refuse_beyond(rates: Iterable[SharedRate], request: HttpRequest, *, action: str, sentence: Sentence) -> None:
    """Count the request against one after the other; raise `TooOften` beyond one, which the security stream tells of.

    What is beyond one rate does not count against those after it. So the one of the address goes first: else whoever is
    refused uses up the questions of as many others as he likes.
    """
    # A throttle asks a request for its user and address only, which Django's has as well.
    if not all(rate.allow_request(cast(Request, request), APIView()) for rate in rates):
        refused = TooOften(sentence)
        record_refusal(stranger(address_of(request)), action=action, stream="staff:unknown", refusal=refused)
        refused.is_recorded = True
        raise refused
