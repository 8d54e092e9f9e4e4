"""Every write of a review: start, conclude, raise findings, sign, correct, verify."""

from audit.actions.findings import correct_finding, hand_on_finding, raise_finding, verify_finding
from audit.actions.reviews import conclude, review_at_once, sign_off, start_review

__all__ = [
    "conclude",
    "correct_finding",
    "hand_on_finding",
    "raise_finding",
    "review_at_once",
    "sign_off",
    "start_review",
    "verify_finding",
]
