"""Every error of the interface as problem+json (RFC 9457), with the sentence that the pages show."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound, ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.views import exception_handler

from escalation.access import INVISIBLE
from incidents.access import NOT_YOURS
from ledger.exceptions import Refused, Stale

MEDIA_TYPE = "application/problem+json"
KEPT = ("WWW-Authenticate", "Retry-After", "Allow")


class ReasonSerializer(serializers.Serializer[Any]):
    sentence = serializers.CharField()
    clause = serializers.CharField(allow_blank=True)


class ChangeSerializer(serializers.Serializer[Any]):
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """Why something was refused; `detail` is the sentence for the person."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    clause = serializers.CharField(allow_blank=True)
    reasons = ReasonSerializer(many=True)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )
    changed_by = serializers.CharField(required=False, help_text="412: who saved it in the meantime.")
    changed_at = serializers.DateTimeField(required=False)
    changed = serializers.DictField(child=ChangeSerializer(), required=False)


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """What REST framework answers for `error`; None leaves it to Django, which logs it and asks `config.errors`."""
    if isinstance(error, Refused):
        return _answer(_refusal(error))
    if isinstance(error, INVISIBLE):
        return problem(404, str(NOT_YOURS), code="not_found")
    if isinstance(error, Http404):
        error = NotFound(_("There is nothing at this address."))
    if isinstance(error, SuspiciousOperation):
        error = ParseError(_("The request cannot be read."))
    if isinstance(error, ValidationError):
        error = ParseError(" ".join(error.messages))
    response = exception_handler(error, context)
    if response is None:
        return None
    detail = getattr(error, "detail", "")
    code = getattr(detail, "code", "") or "refused"
    body = _body(response.status_code, str(detail), code=code)
    return _answer(body, headers=dict(response.headers))


def _refusal(refused: Refused) -> dict[str, Any]:
    body = _body(refused.status, str(refused.sentence), code=refused.code, clause=refused.clause)
    body["reasons"] = [{"sentence": str(each.sentence), "clause": each.clause} for each in refused.all_reasons]
    body["errors"] = {name: [str(one) for one in found] for name, found in refused.errors.items()}
    if isinstance(refused, Stale) and refused.changed_by:
        body["changed_by"], body["changed_at"] = refused.changed_by, refused.changed_at
        body["changed"] = {
            name: {"before": before, "after": after} for name, (before, after) in refused.changed.items()
        }
    return body


def _body(status: int, detail: str, *, code: str, clause: str = "") -> dict[str, Any]:
    return {
        "type": f"urn:incident-desk:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "clause": clause,
        "reasons": [],
        "errors": {},
    }


def problem(status: int, detail: str, *, code: str) -> HttpResponse:
    """An answer with that status and sentence."""
    return _answer(_body(status, detail, code=code))


def _answer(body: dict[str, Any], headers: dict[str, str] | None = None) -> HttpResponse:
    """JSON whatever the address otherwise answers in: the schema is YAML."""
    passed_on = {name: value for name, value in (headers or {}).items() if name in KEPT}
    return HttpResponse(JSONRenderer().render(body), status=body["status"], content_type=MEDIA_TYPE, headers=passed_on)


def answers(*statuses: int) -> dict[tuple[int, str], type[ProblemSerializer]]:
    """For the schema: the refusals with these statuses, and those that every address may give."""
    return {(status, MEDIA_TYPE): ProblemSerializer for status in sorted({400, 401, 403, 429, *statuses})}
