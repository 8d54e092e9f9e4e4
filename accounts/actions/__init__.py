"""Every write to departments, people, roles, customers and tokens."""

from accounts.actions.checks import refuse_merged
from accounts.actions.contacts import MOST_POINTS, Point, add_number, change_contact, create_contact
from accounts.actions.customers import change_customer, create_customer
from accounts.actions.delegations import be_away, decline_delegation, delegate, end_delegation
from accounts.actions.departments import change_department, create_department, end_department, reopen_department
from accounts.actions.first_account import open_account, open_first_account
from accounts.actions.grants import Scope, end_grant, give_to_successor, grant_role, grant_roles
from accounts.actions.leaving import leave
from accounts.actions.links import make_asked_link, make_password_link, use_password_link
from accounts.actions.merging import lock_contacts, lock_customers, merge_contact, merge_customer
from accounts.actions.people import change_user, create_user, deactivate_user, set_password, set_preferences
from accounts.actions.qualifications import record_qualification
from accounts.actions.sessions import change_password, record_failed_sign_in, record_sign_in, record_sign_out
from accounts.actions.tokens import create_token, revoke_token

__all__ = [
    "MOST_POINTS",
    "Point",
    "Scope",
    "add_number",
    "be_away",
    "change_contact",
    "change_customer",
    "change_department",
    "change_password",
    "change_user",
    "create_contact",
    "create_customer",
    "create_department",
    "create_token",
    "create_user",
    "deactivate_user",
    "decline_delegation",
    "delegate",
    "end_delegation",
    "end_department",
    "end_grant",
    "give_to_successor",
    "grant_role",
    "grant_roles",
    "leave",
    "lock_contacts",
    "lock_customers",
    "make_asked_link",
    "make_password_link",
    "merge_contact",
    "merge_customer",
    "open_account",
    "open_first_account",
    "record_failed_sign_in",
    "record_qualification",
    "record_sign_in",
    "record_sign_out",
    "refuse_merged",
    "reopen_department",
    "revoke_token",
    "set_password",
    "set_preferences",
    "use_password_link",
]
