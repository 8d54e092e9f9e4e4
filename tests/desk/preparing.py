"""Tests of many verbs that share the record which each verb is done on."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def each_of(verbs: Iterable[str]) -> pytest.MarkDecorator:
    """The test runs for each of the verbs, with its record as `prepared`; tests of one verb run one after the other."""
    cases = [pytest.param(verb, verb, id=verb) for verb in verbs]
    # Of the module, so that pytest puts them so.
    return pytest.mark.parametrize(("verb", "ready"), cases, indirect=["ready"], scope="module")
