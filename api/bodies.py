"""Between JSON and the forms of the pages: one set of rules and sentences for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from incidents.forms.fields import Lines
from incidents.forms.files import FilesField
from ledger.exceptions import Invalid

Fields = Mapping[str, forms.Field]
JSON, MULTIPART = "application/json", "multipart/form-data"
# How much of a sentence is told that repeats what was sent.
SAID = 500
SEVERAL = (Lines, forms.MultipleChoiceField, forms.ModelMultipleChoiceField, FilesField)


def offered(form: type[forms.Form]) -> dict[str, forms.Field]:
    """The fields of a form that programs send; what only the page's own controls fill in is left out."""
    fields = form.base_fields.items()
    return {name: field for name, field in fields if not isinstance(field.widget, forms.HiddenInput)}


def form_input(request: Request, form: type[forms.Form]) -> dict[str, Any]:
    """The sent values as the keyword arguments `data` and `files` of that form.

    Raises ParseError for what is no object, Invalid for unknown names and for values of a wrong kind.
    """
    fields, sent = offered(form), request.data
    if isinstance(sent, QueryDict):
        values = {name: _several(fields, name, sent) for name in sent if name not in request.FILES}
        wrong = {name: _fault_of_part(fields[name], sent.getlist(name)) for name in values if name in fields}
        _refuse(fields, {**values, **dict.fromkeys(request.FILES)}, _told(wrong))
        return {"data": values, "files": request.FILES}
    if not isinstance(sent, dict):
        raise ParseError(_("Send one object with the values."))
    present = {name: value for name, value in sent.items() if value is not None}
    wrong = {name: _fault(fields[name], value) for name, value in present.items() if name in fields}
    _refuse(fields, sent, _told(wrong))
    emptied = {name: "" for name in sent.keys() - present.keys() if _can_be_empty(fields[name])}
    return {"data": {name: _plain(value) for name, value in present.items()} | emptied, "files": {}}


def _told(wrong: Mapping[str, str]) -> dict[str, str]:
    return {name: sentence for name, sentence in wrong.items() if sentence}


def _can_be_empty(field: forms.Field) -> bool:
    """Whether null is the empty value of the field, not the same as leaving it out."""
    return not isinstance(field, (*SEVERAL, forms.BooleanField, forms.FileField))


def _fault_of_part(field: forms.Field, found: Sequence[Any]) -> str:
    """Why the parts of that name in a multipart body cannot be taken; empty when they can."""
    if isinstance(field, forms.FileField):
        return _("Send the file itself, with its name, as a part of multipart/form-data.") if any(found) else ""
    return _("Send it once.") if len(found) > 1 and not isinstance(field, SEVERAL) else ""


def _several(fields: Fields, name: str, sent: QueryDict) -> Any:
    found = sent.getlist(name)
    return found if isinstance(fields.get(name), SEVERAL) and len(found) > 1 else found[-1]


def _refuse(fields: Fields, sent: Mapping[str, Any], wrong: Mapping[str, str]) -> None:
    unknown = {name: _("There is no such field here.") for name in sent if name not in fields}
    if unknown or wrong:
        raise Invalid({name: [sentence] for name, sentence in {**unknown, **wrong}.items()})


def _fault(field: forms.Field, value: Any) -> str:
    """Why a JSON value is not of the field's kind; empty when it is."""
    if isinstance(field, forms.FileField):
        return _("Files are sent as multipart/form-data.")
    kind = schema_of_field(field)["type"]
    if kind == "array":
        fits = isinstance(value, list) and all(_is_text(each) for each in value)
        return "" if fits else _("A list of texts belongs here.")
    if kind == "boolean":
        return "" if isinstance(value, bool) else _("true or false belongs here.")
    if kind == "integer":
        return "" if isinstance(value, int) and not isinstance(value, bool) else _("A whole number belongs here.")
    return "" if _is_text(value) else _("A text belongs here.")


def _is_text(value: Any) -> bool:
    """Whether it is a text that every store can keep: JSON can spell half of a character."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def request_schema(form: type[forms.Form]) -> dict[str, Any]:
    """What an address with this form takes, by media type, as JSON schema; files need multipart."""
    fields = offered(form)
    plain = {name: field for name, field in fields.items() if not isinstance(field, forms.FileField)}
    schemas = {JSON: _object(plain)}
    return schemas if len(plain) == len(fields) else {**schemas, MULTIPART: _object(fields)}


def _object(fields: Fields) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: schema_of_field(field) for name, field in fields.items()},
        "additionalProperties": False,
    }
    required = [name for name, field in fields.items() if field.required]
    return {**schema, "required": required} if required else schema


def schema_of_field(field: forms.Field) -> dict[str, Any]:
    """A form field as JSON schema."""
    described = {"description": field.label or ""}
    if isinstance(field, FilesField):
        return {"type": "array", "items": {"type": "string", "format": "binary"}, **described}
    if isinstance(field, forms.FileField):
        return {"type": "string", "format": "binary", **described}
    if isinstance(field, SEVERAL):
        return {"type": "array", "items": {"type": "string"}, **described}
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean", **described}
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value, **described}
    if isinstance(field, forms.ModelChoiceField):
        return {"type": "string", **described}
    if isinstance(field, forms.ChoiceField):
        return {**_choice(field), **described}
    return {"type": "string", **_text(field), **described}


def _choice(field: forms.ChoiceField) -> dict[str, Any]:
    values = [value for value, _label in cast("Iterable[tuple[Any, Any]]", field.choices)]
    if values == ["true", "false"]:
        return {"type": "boolean"}
    if getattr(field, "coerce", None) is int:
        return {"type": "integer", "enum": [int(value) for value in values if value != ""]}
    # Some choices depend on the record and are known only when it is.
    return {"type": "string", "enum": values} if values else {"type": "string"}


def _text(field: forms.Field) -> dict[str, Any]:
    if isinstance(field, forms.DateTimeField):
        return {"format": "date-time"}
    if isinstance(field, forms.DateField):
        return {"format": "date"}
    longest = getattr(field, "max_length", None)
    return {"maxLength": longest} if longest else {}


def valid(form: forms.Form) -> None:
    """Raise Invalid with the form's own sentences unless it is valid."""
    if not form.is_valid():
        raise Invalid({name: [Truncator(str(one)).chars(SAID) for one in found] for name, found in form.errors.items()})
