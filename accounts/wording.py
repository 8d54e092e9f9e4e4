"""What roles are called together with what they are held for."""

from __future__ import annotations

from accounts.models import Delegation, Role, RoleGrant


def scope_of(held: RoleGrant | Delegation) -> str:
    """The customer or department; empty for the whole firm."""
    scope = held.customer or held.department
    return str(scope) if scope else ""


def role_of(held: RoleGrant | Delegation) -> str:
    """Role and scope in one line."""
    role, scope = str(Role(held.role).label), scope_of(held)
    return f"{role} · {scope}" if scope else role
