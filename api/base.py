"""What holds at every address of the interface: who acts, what may be sent, how often."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import IO, Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser, MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.utils import json
from rest_framework.views import APIView

from accounts.actors import Actor, actor_for
from accounts.authentication import TokenAuthentication
from api.errors import TooLarge, handle
from base.clock import now
from base.parsing import is_storable
from incidents.access import NOT_YOURS
from ledger.exceptions import VersionMissing
from ui.rates import SharedRate

LONGEST_BODY = 1024 * 1024
NEVER = -1
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=False,
    description="The version that the change was made on, as ETag gave it; without it 428, an old one 412.",
)


class BoundedJSONParser(JSONParser):
    """JSON of a sensible length and depth in UTF-8 (RFC 8259).

    No name stands twice in it: one of the values would be lost unseen.
    """

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        length = parser_context["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            raise TooLarge(_("The request is too long; send files as multipart/form-data."))
        try:
            return json.loads(stream.read(), object_pairs_hook=_each_once)
        except (RecursionError, ValueError):
            raise ParseError(_("The request cannot be read."))


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; raises ParseError where it names something twice."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        # Half of a pair, which no answer could name.
        if any(unicodedata.category(character) == "Cs" for character in name):
            raise ParseError(_("The request cannot be read."))
        if name in found:
            raise ParseError(_("“%(name)s” stands twice in the request; send it once.") % {"name": name[:100]})
        found[name] = value
    return found


class AlwaysJSON(BaseContentNegotiation):
    """There is one format, whatever the client would like best."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser | None:
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class Rate(SharedRate):
    """So many requests an account; the figure is a setting."""

    scope = "api"


class ApiView(APIView):
    """A view over the actions and queries; refusals become problem+json."""

    authentication_classes = (TokenAuthentication, SessionAuthentication)
    parser_classes = (BoundedJSONParser, MultiPartParser)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AlwaysJSON
    throttle_classes = (Rate,)

    def get_exception_handler(self) -> Any:
        return handle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not is_storable(*kwargs.values()):
            raise NotFound(NOT_YOURS)

    @cached_property
    def actor(self) -> Actor:
        """Whoever sent the request, with the roles held when it came; read once."""
        return actor_for(self.request.user, now(), via="api")


def version_of(request: Request) -> int:
    """The version in If-Match; raises VersionMissing without it, and one that no record has where it is no number."""
    condition = request.headers.get("If-Match", "").strip()
    if not condition:
        raise VersionMissing
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', condition)
    return int(found.group(1)) if found else NEVER


def etag(version: int) -> dict[str, str]:
    """The header that names the version of what is answered."""
    return {"ETag": f'"{version}"'}
