"""Problems: list, read, acknowledge."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import IF_MATCH, ApiView, etag, version_of
from api.bodies import form_input, valid
from api.declarations import requests
from api.errors import answers
from api.pages import NewestFirst
from api.representation import ProblemRecordSerializer
from escalation.actions import acknowledge_problem
from escalation.forms import AcknowledgeForm
from escalation.models import Problem
from escalation.queries import problem_to_read, problems

NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="WT-20261123-001")


class Pages(NewestFirst):
    """By the time they were raised, newest first."""

    moment = "raised_at"


class Problems(ApiView):
    """The problems that the reader may see."""

    serializer_class = ProblemRecordSerializer
    pagination_class = Pages

    @extend_schema(
        operation_id="list_problems",
        summary="List problems",
        responses={200: ProblemRecordSerializer(many=True), **answers(404)},
    )
    def get(self, request: Request) -> Response:
        pages = Pages()
        page = pages.paginate_queryset(problems(self.actor), request, view=self)
        data = ProblemRecordSerializer(page or [], many=True, context={"request": request}).data
        return pages.get_paginated_response(data)


class OneProblem(ApiView):
    """One problem with the incident that it came from."""

    @extend_schema(
        operation_id="read_problem",
        summary="Read a problem",
        parameters=[NUMBER],
        responses={200: ProblemRecordSerializer, **answers(404)},
    )
    def get(self, request: Request, number: str) -> Response:
        return answer(self, problem_to_read(self.actor, number))


class Acknowledge(ApiView):
    """The receipt of problem management."""

    @extend_schema(
        operation_id="acknowledge_problem",
        summary="Acknowledge a problem",
        parameters=[NUMBER, IF_MATCH],
        request=requests(AcknowledgeForm),
        responses={200: ProblemRecordSerializer, **answers(404, 409, 412, 413, 415, 422, 428)},
    )
    def post(self, request: Request, number: str) -> Response:
        problem, version = problem_to_read(self.actor, number), version_of(request)
        form = AcknowledgeForm(**form_input(request, AcknowledgeForm))
        valid(form)
        acknowledge_problem(problem.pk, version=version, actor=self.actor, **form.cleaned_data)
        return answer(self, problem_to_read(self.actor, number))


def answer(view: ApiView, problem: Problem) -> Response:
    """The problem with its ETag."""
    data = ProblemRecordSerializer(problem, context={"request": view.request}).data
    return Response(data, headers=etag(problem.version))
