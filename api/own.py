"""One's own marks on a declaration: watching it, and coming back to it later. Nobody else sees them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.bodies import form_input, valid
from api.declarations import NUMBER, requests
from api.errors import answers
from incidents import actions
from incidents.access import declaration_for_reading
from incidents.forms.own import ReminderForm


class WatchRecord(ApiView):
    """Whoever asks hears of the declaration from now on; again, it changes nothing."""

    @extend_schema(
        operation_id="watch_declaration",
        summary="Watch a declaration",
        parameters=[NUMBER],
        request=None,
        responses={204: None, **answers(404)},
    )
    def post(self, request: Request, number: str) -> Response:
        actions.watch(declaration_for_reading(self.actor, number).pk, actor=self.actor)
        return Response(status=204)


class UnwatchRecord(ApiView):
    """Whoever asks hears of it no more."""

    @extend_schema(
        operation_id="unwatch_declaration",
        summary="Watch a declaration no more",
        parameters=[NUMBER],
        request=None,
        responses={204: None, **answers(404)},
    )
    def post(self, request: Request, number: str) -> Response:
        actions.unwatch(actions.key_of_marked(self.actor, number), actor=self.actor)
        return Response(status=204)


class RemindMe(ApiView):
    """A reminder for whoever asks; a second one takes the place of the first."""

    @extend_schema(
        operation_id="remind_of_declaration",
        summary="Come back to a declaration later",
        parameters=[NUMBER],
        request=requests(ReminderForm),
        responses={204: None, **answers(404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, number: str) -> Response:
        declaration = declaration_for_reading(self.actor, number)
        form = ReminderForm(**form_input(request, ReminderForm))
        valid(form)
        actions.remind(declaration.pk, actor=self.actor, **form.cleaned_data)
        return Response(status=204)


class UnremindMe(ApiView):
    """Takes the own reminder back."""

    @extend_schema(
        operation_id="take_reminder_back",
        summary="Take the own reminder back",
        parameters=[NUMBER],
        request=None,
        responses={204: None, **answers(404)},
    )
    def post(self, request: Request, number: str) -> Response:
        actions.unremind(actions.key_of_marked(self.actor, number), actor=self.actor)
        return Response(status=204)
