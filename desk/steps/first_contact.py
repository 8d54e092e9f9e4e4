"""The one page on which a minor incident is graded, looked up, solved and told (R-5.4.4-5)."""

from __future__ import annotations

from typing import Any

from desk.steps import agreement, grading, lookup
from incidents.models import Declaration, Impact
from incidents.models.guards import RESPONDED
from procedure.queries import rules


def context(request: Any, declaration: Declaration, verb: str, form: Any) -> dict[str, Any]:
    """What the page takes beside its form; the articles are those that fit what is searched for."""
    book, levels = rules(declaration.procedure_version_id), grading.allowed(declaration)
    minor = next(each for each in grading.grid(declaration, levels)["impacts"] if each["key"] == Impact.MINOR)
    leaf = form["leaf"].value() or ""
    query = form["query"].value() or ""
    found = lookup.offers(form.actor, declaration, query, leaf=leaf, few=True)
    cell = form["cell"].value() or ""
    if not cell and form["urgency"].value():
        cell = f"{Impact.MINOR}:{form['urgency'].value()}"
    # Of what was adopted and why nothing was, one is needed; the page asks for it beside the choice.
    form.fields["reason"].required = True
    agreement.offer(form, declaration)
    return {
        **found,
        "leaves": grading.leaves(declaration),
        "leaf": leaf,
        "impact": book.impacts[Impact.MINOR],
        "cells": minor["cells"],
        "cell": cell,
        "follows": grading.consequences(declaration, levels, leaf, cell),
        "adopted": form["adopted"].value() or "",
        "responded": RESPONDED(declaration),
        "searched": "search" in request.POST,
    }
