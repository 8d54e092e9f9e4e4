"""Models and migrations agree."""

from __future__ import annotations

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", dry_run=True, verbosity=1)
    assert capsys.readouterr().out == "No changes detected\n"
