"""The firm that the tests play in: small, its own, and loaded from `firm.json` through the actions."""

from tests.firm.names import *  # noqa: F403
from tests.firm.opening import PASSWORD, open_firm
from tests.firm.people import caller, client_of, contact, person, sign_in, staff, stand_in

__all__ = ["PASSWORD", "caller", "client_of", "contact", "open_firm", "person", "sign_in", "staff", "stand_in"]
