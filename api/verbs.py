"""One address a verb: the form of the page, the action of the page."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.openapi import AutoSchema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import IF_MATCH, ApiView, version_of
from api.bodies import form_input, valid
from api.declarations import NUMBER, requests, whole_answer
from api.errors import answers
from api.representation import DeclarationSerializer
from incidents.access import declaration_for_reading, require_possible
from incidents.actions import require_entitled_recorded
from incidents.verbs import Verb
from ledger.exceptions import Invalid


class VerbSchema(AutoSchema):
    """Describes the address of a verb by its form and its place in the procedure."""

    def _verb(self) -> Verb:
        verb = cast("VerbView", self.view).verb
        assert verb is not None
        return verb

    def get_operation_id(self) -> str:
        return self._verb().name

    def get_summary(self) -> str:
        return str(self._verb().label)

    def get_description(self, path: str = "", method: str = "") -> str:
        move = self._verb().move
        states = ", ".join(sorted(str(state) for state in move.sources))
        version = self._verb().version_of
        return f"Clause {move.clause}, {move.number}. From: {states}. If-Match: version of the {version}."

    def get_tags(self) -> list[str]:
        return ["verbs"]

    def get_override_parameters(self) -> list[Any]:
        return [NUMBER, IF_MATCH]

    def get_request_serializer(self) -> Any:
        return requests(self._verb().form)

    def get_response_serializers(self) -> Any:
        return {200: DeclarationSerializer, 204: None, **answers(404, 409, 412, 413, 415, 422, 428)}


class VerbView(ApiView):
    """Carries out `verb`, judged in the order of the actions: seen, entitled, up to date, possible."""

    schema = VerbSchema()
    verb: Verb | None = None

    def post(self, request: Request, number: str) -> Response:
        verb, actor = self.verb, self.actor
        assert verb is not None
        declaration = declaration_for_reading(actor, number)
        require_entitled_recorded(actor, declaration, verb.move.verb)
        version = version_of(request)
        try:
            form = verb.form(**form_input(request, verb.form), declaration=declaration, actor=actor)
            valid(form)
        except Invalid:
            # What cannot be done any more is not worth correcting.
            require_possible(declaration, verb.move.verb)
            raise
        verb.action(declaration.pk, version=version, actor=actor, **form.values())
        return whole_answer(self, number)
