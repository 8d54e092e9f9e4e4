"""What counts most does not wait for the next round: closing, filing, signing and printing ask for a checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit import actions as audit
from base import pokes
from incidents import actions as incidents
from record_form import actions as record_form
from record_form.queries import compose
from tests import scenes
from tests.audit.conftest import AUDITOR, concluded
from tests.firm import PASSWORD, staff

pytestmark = pytest.mark.django_db
Asked = Callable[[Callable[[], object]], list[str]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Asked:
    """The jobs that were queued once the transaction of a call was over."""
    jobs: list[str] = []
    monkeypatch.setattr(pokes.current_app, "send_task", lambda name, **options: jobs.append(name))

    def of(call: Callable[[], object]) -> list[str]:
        with django_capture_on_commit_callbacks(execute=True):
            call()
        return jobs

    return of


def test_closing(scene: scenes.Scene, asked: Asked) -> None:
    declaration = scene.confirmed()
    assert asked(lambda: scene.do(incidents.close, declaration, scene.desk)) == ["ledger.tasks.seal"]


def test_filing(scene: scenes.Scene, asked: Asked) -> None:
    closed = scene.closed()
    assert asked(lambda: scene.do(record_form.file, closed, scene.custodian, paper_place="无")) == ["ledger.tasks.seal"]


def test_signing_a_review(scene: scenes.Scene, asked: Asked) -> None:
    review = concluded(audit.start_review(scene.closed().pk, actor=staff(AUDITOR)))
    signing = {"version": None, "actor": staff(AUDITOR), "password": PASSWORD}
    assert asked(lambda: audit.sign_off(review.pk, **signing)) == ["ledger.tasks.seal"]


def test_printing(scene: scenes.Scene, asked: Asked) -> None:
    closed = scene.closed()
    form = compose(closed)
    printing = {"actor": staff(AUDITOR), "form": form, "medium": "pdf"}
    assert asked(lambda: record_form.record_print(closed, **printing)) == ["ledger.tasks.seal"]
