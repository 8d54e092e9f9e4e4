"""Declarations: list, read, register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiRequest, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView, etag
from api.bodies import form_input, request_schema, valid
from api.errors import answers
from api.forms import FilterForm, ProgramCallForm
from api.pages import NewestFirst
from api.queries import found, whole
from api.representation import DeclarationSerializer, LineSerializer
from base.clock import now
from escalation.queries.shown_clocks import shown_clocks
from incidents import actions
from incidents.models import Declaration
from ledger.exceptions import Invalid

KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=False,
    description="A text of yours, new for each call (1 to 200 signs); the same one gives the same declaration.",
)
LONGEST_KEY = 200
NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="SD-20261123-001")


class Pages(NewestFirst):
    """By receipt, newest first."""

    moment = "received_at"


def _filters() -> list[OpenApiParameter]:
    kinds = {"received_from": OpenApiTypes.DATETIME, "received_to": OpenApiTypes.DATETIME}
    base: dict[str, forms.Field] = FilterForm.base_fields
    return [
        OpenApiParameter(name, kinds.get(name, OpenApiTypes.STR), description=str(field.help_text))
        for name, field in base.items()
    ]


def requests(form: type[forms.Form]) -> dict[str, OpenApiRequest]:
    """The bodies of an address with this form, by media type, for the schema."""
    return {kind: OpenApiRequest(request=schema) for kind, schema in request_schema(form).items()}


def whole_answer(view: ApiView, number: str, status: int = 200) -> Response:
    """The declaration as it stands for the reader, with its ETag; 204 if it is no longer theirs to see."""
    try:
        declaration = whole(view.actor, number)
    except Declaration.DoesNotExist:
        return Response(status=204)
    data = _told(declaration, view)
    return Response(data, status=status, headers=etag(declaration.version))


def _told(declaration: Declaration, view: ApiView) -> Any:
    at = now()
    clocks = shown_clocks([declaration], at)
    context = {"request": view.request, "actor": view.actor, "clocks": clocks, "at": at}
    return DeclarationSerializer(declaration, context=context).data


# What both addresses that take a call say of it in the schema.
OF_A_CALL: dict[str, Any] = {
    "parameters": [KEY],
    "request": requests(ProgramCallForm),
    "responses": {200: DeclarationSerializer, 201: DeclarationSerializer, 204: None, **answers(409, 413, 415, 422)},
}


def registered(view: ApiView, request: Request, register: Callable[..., Declaration]) -> Response:
    """The declaration of the call that was sent; what was made before with the same key is answered again."""
    form = ProgramCallForm(**form_input(request, ProgramCallForm))
    key = _key(request)
    valid(form)
    live, call = form.answers_live, form.call()
    made = actions.earlier_call(view.actor, key, call, answered_live=live) or register(
        call, actor=view.actor, idempotency_key=key, answered_live=live
    )
    return whole_answer(view, made.number, 200 if made.is_repeat else 201)


class Declarations(ApiView):
    """The declarations that the reader may see, and the registration of a new one."""

    serializer_class = LineSerializer
    pagination_class = Pages

    @extend_schema(
        operation_id="list_declarations",
        summary="List declarations",
        parameters=_filters(),
        responses={200: LineSerializer(many=True), **answers(404, 422)},
    )
    def get(self, request: Request) -> Response:
        pages = Pages()
        page = pages.paginate_queryset(found(self.actor, self._wanted()), request, view=self)
        rows = page or []
        context = {"request": request, "clocks": shown_clocks(rows, now())}
        data = LineSerializer(rows, many=True, context=context).data
        return pages.get_paginated_response(data)

    @extend_schema(operation_id="accept_declaration", summary="Accept a declaration at the desk", **OF_A_CALL)
    def post(self, request: Request) -> Response:
        return registered(self, request, actions.accept)

    def _wanted(self) -> dict[str, Any]:
        parameters = self.request.query_params
        form = FilterForm(parameters.dict())
        unknown = set(parameters) - set(form.fields) - {"cursor", "page_size"}
        if unknown:
            raise Invalid({name: [_("There is no such filter.")] for name in sorted(unknown)})
        valid(form)
        return form.cleaned_data


class Relay(ApiView):
    """A call that somebody other than the desk took."""

    @extend_schema(operation_id="relay_declaration", summary="Relay a call to the desk", **OF_A_CALL)
    def post(self, request: Request) -> Response:
        return registered(self, request, actions.relay)


class OneDeclaration(ApiView):
    """One declaration, with all its rows."""

    @extend_schema(
        operation_id="read_declaration",
        summary="Read a declaration",
        parameters=[NUMBER],
        responses={200: DeclarationSerializer, **answers(404)},
    )
    def get(self, request: Request, number: str) -> Response:
        declaration = whole(self.actor, number)
        data = _told(declaration, self)
        return Response(data, headers=etag(declaration.version))


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY:
        raise ParseError(_("Send an Idempotency-Key of 1 to 200 signs, a new one for each call."))
    return key
