"""No kind of row stands outside of every proof without saying why."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

from ledger.models import Record
from ledger.verification.rows import belongs_to

OURS = {"accounts", "audit", "escalation", "files", "incidents", "knowledge", "notifications", "procedure"} | {
    "record_form",
    "sla",
}


def test_every_row_has_a_chain_belongs_to_one_or_says_why_not():
    models = [model for model in apps.get_models() if model._meta.app_label in OURS and not issubclass(model, Record)]
    pointing = [
        model
        for model in models
        if any(field.is_relation and issubclass(field.related_model, Record) for field in model._meta.concrete_fields)
    ]
    assert len(pointing) > 20
    silent = {model.__name__ for model in pointing if not belongs_to(model) and not _says_why(model)}
    assert silent == set()


def _says_why(model: type[Model]) -> bool:
    return hasattr(model, "working_data") or hasattr(model, "told_by_key")


def test_what_a_row_belongs_to_is_a_key_to_another_table():
    for model in apps.get_models():
        if name := belongs_to(model):
            assert model._meta.get_field(name).related_model is not None
