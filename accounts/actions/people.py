"""People and what they prefer."""

from __future__ import annotations

from contextlib import nullcontext

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.administrators import administrator_stays
from accounts.actions.checks import assign, checked, own_account
from accounts.actions.departments import refuse_ended
from accounts.actions.links import end_password_links
from accounts.actions.tokens import revoke_all
from accounts.actors import Actor
from accounts.models import Department, PasswordLink, User
from base.phones import normalised
from ledger.actions import RecordChange, again_if_raced, attempt, create, step
from ledger.exceptions import Invalid, NotPermitted

USER_FIELDS = frozenset({"name", "name_en", "title", "department", "mobile", "email", "is_active"})
PREFERENCES = frozenset({"language", "theme", "zone", "shortcuts_enabled", "mobile"})


@again_if_raced
def create_user(
    *,
    actor: Actor,
    username: str,
    employee_number: str,
    name: str,
    department: Department,
    password: str = "",
    **values: object,
) -> User:
    """Open an account, without any role; with no password nobody can sign in to it yet.

    The name to sign in with is kept in its plain form (NFKC), and may differ from another by more than capitals only.
    """
    with attempt(actor.signature(), action="create_user", stream="staff:new", clause="4.1") as tried:
        tried.signature = actor.signature(access.require_administer(actor))
        username = User.normalize_username(username).strip()
        user = User(username=username, employee_number=employee_number.strip(), name=name, department=department)
        assign(user, _tidy(values), USER_FIELDS | PREFERENCES)
        refuse_ended(department)
        _give_password(user, password)
        checked(user)
        _refuse_like_account(username)
        with create(user, signature=tried.signature, action="create_user", clause="4.1"):
            return user


@again_if_raced
def change_user(user: User, *, actor: Actor, version: int | None, **values: object) -> User:
    """Change somebody's name, department, ways to reach him, or whether he may sign in; never the own account's
    right to sign in. An account that is closed loses its API tokens and its password, so that no session outlives it:
    whoever opens it again gives a new one (`set_password`)."""
    closing = values.get("is_active") is False
    with (
        attempt(actor.signature(), action="change_user", stream=user.stream, clause="4.1") as tried,
        administrator_stays() if closing else nullcontext(),
        step(User, user.pk, version=version, signature=actor.signature(), action="change_user", clause="4.1") as taken,
    ):
        tried.signature = taken.signature = actor.signature(access.require_administer(actor))
        before, email = taken.record.department_id, taken.record.email
        assign(taken.record, _tidy(values), USER_FIELDS)
        if taken.record.department_id != before or values.get("is_active"):
            refuse_ended(taken.record.department)
        checked(taken.record, leave_out=("password",))
        if not taken.record.is_active:
            _refuse_own(actor, taken.record)
            close(taken)
        elif taken.record.email != email:
            end_password_links(taken.record, PasswordLink.Outcome.CHANGED, signature=taken.signature)
    return taken.record


def close(taken: RecordChange[User]) -> None:
    """Let nothing open the account any more; called inside the step that closes it."""
    taken.record.set(is_active=False)
    taken.record.set_unusable_password()
    end_password_links(taken.record, PasswordLink.Outcome.CLOSED, signature=taken.signature)
    revoke_all(taken.record, signature=taken.signature)


def deactivate_user(user: User, *, actor: Actor, version: int | None) -> User:
    """Close an account: sessions and tokens end at once, roles count no more; what the person did stays."""
    return change_user(user, actor=actor, version=version, is_active=False)


def set_password(user: User, *, actor: Actor, password: str) -> User:
    """Give somebody a new password; all sessions and tokens of that account end."""
    with step(
        User, user.pk, version=None, signature=actor.signature(), action="set_password", clause="", bump=False
    ) as taken:
        taken.signature = actor.signature(access.require_administer(actor))
        _give_password(taken.record, password)
        end_password_links(taken.record, PasswordLink.Outcome.CHANGED, signature=taken.signature)
        revoke_all(taken.record, signature=taken.signature)
    return taken.record


def set_preferences(*, actor: Actor, **values: object) -> User:
    """Keep the own mobile, language, theme and time zone, and whether single letters are shortcuts."""
    with own_account(actor, "set_preferences") as taken:
        assign(taken.record, _tidy(values), PREFERENCES)
        checked(taken.record, leave_out=("password",))
    return taken.record


def _give_password(user: User, password: str) -> None:
    if not password:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": list(error.messages)}) from error
    user.set_password(password)


def _refuse_like_account(username: str) -> None:
    other = User.objects.filter(username__iexact=username).first()
    if other is not None:
        raise Invalid({"username": [_("%(account)s looks like it. Choose another.") % {"account": other.username}]})


def _tidy(values: dict[str, object]) -> dict[str, object]:
    mobile = values.get("mobile")
    return values | {"mobile": normalised(mobile)} if isinstance(mobile, str) else values


def _refuse_own(actor: Actor, user: User) -> None:
    if actor.user is not None and actor.user.pk == user.pk:
        raise NotPermitted(_("Nobody closes the own account. Ask another administrator."))
