"""A verb's form: it narrows its choices to the declaration and hands plain values to the action."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from incidents.access import declarations
from incidents.forms.fields import ContactField, DeclarationField, OpenVisitField
from incidents.models import Declaration


class VerbForm(forms.Form):
    """The values of one verb on one declaration; `values()` are the keyword arguments of its action."""

    use_required_attribute = False
    # Fields that are seldom needed lie folded at the end of the page, under this heading.
    folded: ClassVar[tuple[str, ...]] = ()
    folded_label: ClassVar[Promise | str] = ""

    def __init__(self, *args: Any, declaration: Declaration, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.declaration, self.actor = declaration, actor
        for field in self.fields.values():
            if isinstance(field, ContactField | OpenVisitField):
                field.narrow(declaration)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if isinstance(field, DeclarationField):
                cleaned[name] = self._visible(name, cleaned[name]) if cleaned.get(name) else None
        return cleaned

    def _visible(self, name: str, number: str) -> Declaration | None:
        found = declarations(self.actor).filter(number=number.strip()).first()
        if found is None:
            self.add_error(name, ValidationError(_("There is no such record, or it is not yours to see.")))
        return found

    def folded_fields(self) -> list[forms.BoundField]:
        """Those of the form's fields that lie folded."""
        return [self[name] for name in self.folded if name in self.fields]

    def opens_folded(self) -> bool:
        """Whether something stands in them, or is wrong with them."""
        return any(bound.errors or bound.value() for bound in self.folded_fields())

    def values(self) -> dict[str, Any]:
        """What the action takes, by its names."""
        return dict(self.cleaned_data)


class NothingToFill(VerbForm):
    """A verb that needs no more than the press of its button."""
