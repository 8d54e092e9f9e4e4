"""Who works here, what each may do, and for whom."""

from accounts.models.customers import Contact, ContactPoint, Customer
from accounts.models.grants import Delegation, Qualification, Role, RoleGrant
from accounts.models.links import PasswordLink
from accounts.models.people import Department, User
from accounts.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "Contact",
    "ContactPoint",
    "Customer",
    "Delegation",
    "Department",
    "PasswordLink",
    "Qualification",
    "Role",
    "RoleGrant",
    "User",
]
