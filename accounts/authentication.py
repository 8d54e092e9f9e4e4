"""API tokens for REST framework: `Authorization: Bearer desk_…`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.actions.tokens import digest_of
from accounts.models import ApiToken, User
from base.clock import now
from base.compiled import CompiledRecords, Parameter

KEYWORD = b"bearer"
NOTED_EVERY = timedelta(hours=1)
_TOKENS = CompiledRecords(
    lambda: ApiToken.objects.select_related("user").filter(digest=Parameter("digest", CharField()))
)


class TokenAuthentication(BaseAuthentication):
    """Lets a program act as the owner of a valid token; one of scope `read` changes nothing (403)."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != KEYWORD:
            return None
        token = self._token(key.decode(errors="replace").strip())
        if token.scope == ApiToken.Scope.READ and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("This token may only read."))
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _token(self, key: str) -> ApiToken:
        token = _TOKENS.first(digest=digest_of(key))
        if token is None or not token.is_valid(now()) or not token.user.is_active:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked."))
        return token


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI schema describes the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def _note_use(token: ApiToken) -> None:
    at = now()
    if token.last_used_at is not None and token.last_used_at >= at - NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
