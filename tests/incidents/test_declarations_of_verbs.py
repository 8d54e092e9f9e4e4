"""A verb that is declared by half is no verb: the desk does not start with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from incidents.verbs import VERBS, by_name


@pytest.mark.parametrize(
    ("verb", "changes", "missing"),
    [
        ("resolve", {"name": "solve_it"}, "no move of the machine"),
        ("resolve", {"timeline": None}, "lacks its sentence of the time line"),
        ("resolve", {"at_once": True}, "has a form to fill in"),
        ("give_opinion", {"choices": ()}, "lacks what the list of decisions shows"),
    ],
)
def test_what_every_verb_has_is_asked_for_at_the_start(verb: str, changes: dict[str, object], missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        replace(VERBS[verb], **changes)


def test_one_that_takes_several_moves_leaves_their_sentences_to_them() -> None:
    assert VERBS["solve_in_first_contact"].timeline is None


def test_no_verb_is_declared_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        by_name([VERBS["resolve"]], [VERBS["resolve"]])
