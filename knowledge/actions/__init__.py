"""Every write of the knowledge base."""

from knowledge.actions.common import make_findable
from knowledge.actions.drafting import draft
from knowledge.actions.expiry import expire_overdue
from knowledge.actions.handing_on import hand_on_draft
from knowledge.actions.publishing import publish
from knowledge.actions.writing import approve, propose, propose_to_another, renew, revise, send_back, withdraw, write

__all__ = [
    "approve",
    "draft",
    "expire_overdue",
    "hand_on_draft",
    "make_findable",
    "propose",
    "propose_to_another",
    "publish",
    "renew",
    "revise",
    "send_back",
    "withdraw",
    "write",
]
