"""A release that asks for one more parameter finds it in the versions that an earlier one stored."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from ledger.exceptions import SettingMissing
from ledger.models import Entry
from ledger.verification import compare
from procedure import actions
from procedure.apps import install_procedure
from procedure.models import Parameter
from procedure.queries import forget_rules, rules

pytestmark = pytest.mark.django_db
LATER = {
    "key": "asked_since",
    "name": "新参数",
    "name_en": "New parameter",
    "value": {"hours": 3},
    "unit": "hour",
    "clause": "5.4.3",
    "order": 99,
    "explanation": "新版本才有。",
    "explanation_en": "Asked for by a later release.",
    "basis": "added",
}


@pytest.fixture
def later_release(monkeypatch, tmp_path):
    data = json.loads(actions.FIRST_VERSION.read_text(encoding="utf-8"))
    data["parameters"].append(LATER)
    catalogue = tmp_path / "catalogue.json"
    catalogue.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr(actions, "FIRST_VERSION", catalogue)


def test_a_parameter_that_came_since_is_added_with_its_entry_and_verifies(version, later_release):
    before = {row.key: row.value for row in Parameter.objects.filter(procedure=version)}
    with pytest.raises(SettingMissing, match="asked_since"):
        rules(version.pk).parameter("asked_since")
    install_procedure()
    assert rules(version.pk).parameter("asked_since") == {"hours": 3}
    after = {row.key: row.value for row in Parameter.objects.filter(procedure=version)}
    assert after == {**before, "asked_since": {"hours": 3}}
    assert Entry.objects.filter(stream=version.stream).latest("sequence").action == "add_parameters"
    version.refresh_from_db()
    assert compare(version) is None


def test_installing_again_adds_nothing(version, later_release):
    install_procedure()
    entries = Entry.objects.count()
    install_procedure()
    assert Entry.objects.count() == entries


def test_without_its_entry_the_addition_is_named(version):
    Parameter.objects.create(procedure=version, **LATER)
    forget_rules()
    assert compare(version) is not None


def test_what_stands_in_a_version_is_neither_changed_nor_deleted(version):
    row = Parameter.objects.filter(procedure=version)[:1]
    for change in (
        lambda: Parameter.objects.filter(pk__in=row.values("pk")).update(value=1),
        lambda: Parameter.objects.filter(pk__in=row.values("pk")).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
