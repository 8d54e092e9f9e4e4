"""Fields of a form by their kind, so that what they offer can be narrowed."""

from __future__ import annotations

from typing import Any, cast

from django.forms import BaseForm, ChoiceField, ModelChoiceField


def choice_of_rows(form: BaseForm, name: str) -> ModelChoiceField[Any]:
    """The field of that name, whose `queryset` may be set; KeyError if the form has none."""
    return cast("ModelChoiceField[Any]", form.fields[name])


def choice(form: BaseForm, name: str) -> ChoiceField:
    """The field of that name, whose `choices` may be set; KeyError if the form has none."""
    return cast(ChoiceField, form.fields[name])


def choices_of(form: BaseForm, name: str) -> list[tuple[Any, Any]]:
    """Value and words of each choice that the field of that name offers, ungrouped."""
    return list(cast("list[tuple[Any, Any]]", choice(form, name).choices))
