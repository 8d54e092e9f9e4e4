"""Taking note of warnings."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.declarations import NUMBER, whole_answer
from api.errors import answers
from api.representation import DeclarationSerializer
from escalation.actions import acknowledge_warnings
from incidents.access import declaration_for_reading


class AcknowledgeWarnings(ApiView):
    """Takes note of every warning of the record that was addressed to whoever asks; again, it changes nothing."""

    @extend_schema(
        operation_id="acknowledge_warnings",
        summary="Acknowledge the warnings of a declaration",
        parameters=[NUMBER],
        request=None,
        responses={200: DeclarationSerializer, 204: None, **answers(404, 409)},
    )
    def post(self, request: Request, number: str) -> Response:
        declaration = declaration_for_reading(self.actor, number)
        acknowledge_warnings(declaration.pk, actor=self.actor)
        return whole_answer(self, number)
