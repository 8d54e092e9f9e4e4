"""One opened form that is sent by eight at once: it counts once, and all others are told that it is saved.

The fence has a twin in which it is taken away and the fault is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from base.clock import set_clock
from desk import sent_forms
from desk.models import SavedView
from incidents.models import Declaration
from ledger.actions import steps
from ledger.models import SentForm
from ledger.verification import verify
from tests import scenes
from tests.desk.test_register import typed
from tests.firm import LIU_DESK, client_of, open_firm
from tests.services.racing import THREADS, at_once, on_a_server

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with set_clock(scenes.MONDAY):
        open_firm()
        yield


def sent_by_eight(address: str, values: dict[str, Any]) -> Counter[str]:
    """How often the form was taken, and how often somebody was told that it is saved already."""
    clients = [client_of(LIU_DESK) for _each in range(THREADS)]

    def work(number: int) -> str:
        answer = clients[number].post(address, values)
        return "told" if answer.headers.get("Already-Saved") else str(answer.status_code)

    return Counter(at_once(work))


def test_a_call_that_is_sent_by_eight_at_once_is_one_record() -> None:
    assert sent_by_eight(reverse("register"), typed()) == {"302": 1, "told": THREADS - 1}
    assert Declaration.objects.count() == SentForm.objects.count() == 1
    assert list(verify()) == []


def test_without_the_fence_it_is_several(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (steps, sent_forms):
        monkeypatch.setattr(module, "count_form", lambda _stream: None)
    assert sent_by_eight(reverse("register"), typed())["302"] > 1
    assert Declaration.objects.count() > 1


def test_a_form_without_an_entry_of_the_ledger_counts_once_too() -> None:
    values = {"opened_form": "view-k1", "name": "我的", "query": "view=mine"}
    assert sent_by_eight(reverse("save-view"), values) == {"302": 1, "told": THREADS - 1}
    assert SavedView.objects.count() == SentForm.objects.count() == 1
