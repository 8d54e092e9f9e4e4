"""Every write of the knowledge base."""

from knowledge.actions.common import make_findable
from knowledge.actions.drafting import draft
from knowledge.actions.expiry import expire_overdue
from knowledge.actions.publishing import publish

__all__ = ["draft", "expire_overdue", "make_findable", "publish"]
