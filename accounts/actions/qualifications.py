"""Proofs of skill."""

from __future__ import annotations

from datetime import date

from accounts import access
from accounts.actions.checks import checked, required
from accounts.actors import Actor
from accounts.models import Qualification, User
from ledger.actions import attempt, create


def record_qualification(
    *, actor: Actor, user: User, kind: str, evidence: str, obtained_on: date, expires_on: date | None = None
) -> Qualification:
    """Keep a proof of skill (R-8-1, R-8-2)."""
    with attempt(actor.signature(), action="record_qualification", stream="qualification:new", clause="8") as tried:
        tried.signature = actor.signature(access.require_administer(actor))
        required({"evidence": evidence})
        proof = Qualification(user=user, kind=kind, evidence=evidence, obtained_on=obtained_on, expires_on=expires_on)
        checked(proof)
        with create(proof, signature=tried.signature, action="record_qualification", clause="8"):
            return proof
