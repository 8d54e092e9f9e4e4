"""The one way to choose colleagues in a form: by name, initials, department or number, alone or several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries.picking import Colleague, Group, colleagues_in
from base.parsing import is_storable
from ui.fields import Label, Lines

# Who is offered, by the statement that asks for them.
Known = dict[str, list[Group]]
BY_NUMBER = "employee_number"
NOT_CHOSEN = _("Not chosen")


class _Value(ModelChoiceIteratorValue):
    """A colleague's value in the list, with who it is."""

    def __init__(self, value: Any, one: Colleague) -> None:
        super().__init__(value, one.user)
        self.colleague = one


class _People(ModelChoiceIterator):
    """The colleagues in their groups; three statements, whatever their number."""

    def __iter__(self) -> Iterator[Any]:
        field: Any = self.field
        if field.empty_label is not None:
            yield ("", field.empty_label)
        for name, people in field.colleagues():
            yield (name, [(_Value(self.field.prepare_value(one.user), one), str(one)) for one in people])


class _Marked:
    """Says of each option what finds the person and what is shown beside the name."""

    is_people = True

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **options)  # type: ignore[misc]
        if isinstance(value, _Value):
            one = value.colleague
            option["attrs"] |= {
                "data-name": one.user.get_full_name(),
                "data-about": one.about,
                "data-letters": one.letters,
                **({"data-away": one.away} if one.away else {}),
            }
        return option


class PersonSelect(_Marked, forms.Select):
    """One colleague; people.js makes a list of it that is searched."""


class PeopleSelect(_Marked, forms.SelectMultiple):
    """Several colleagues; the same."""


class _Offering:
    """What both fields have: whom they offer, from whose department on, and who comes first."""

    near: User | None = None
    likely: Sequence[int] = ()
    unlisted: Sequence[int] = ()
    known: Known | None = None
    queryset: Any

    def offer(
        self,
        people: QuerySet[User],
        *,
        near: User | None = None,
        likely: Iterable[int | None] = (),
        unlisted: Iterable[int | None] = (),
        known: Known | None = None,
    ) -> None:
        """Offer these people, and nobody else; whoever is `likely` comes first, then the department of `near`.

        Those `unlisted` do not stand in the list, but the action says why not, as on a page that has grown old.

        Fields of one form that offer the same share what is `known`.
        """
        self.near, self.likely = near, [key for key in likely if key is not None]
        self.unlisted = [key for key in unlisted if key is not None]
        self.known = known
        self.queryset = people

    def colleagues(self) -> list[Group]:
        """The people in their groups; three statements, none where another field has asked for the same."""
        listed = self.queryset.exclude(pk__in=self.unlisted) if self.unlisted else self.queryset
        if self.known is None:
            return colleagues_in(listed, near=self.near, likely=self.likely)
        asked = str(listed.query)
        if asked not in self.known:
            self.known[asked] = colleagues_in(listed, near=self.near, likely=self.likely)
        return self.known[asked]


class PersonField(_Offering, forms.ModelChoiceField):
    """One of our people; whom it offers is said later, by the query that the action asks too."""

    widget = PersonSelect
    iterator = _People

    def __init__(self, *, empty_label: Label | None = NOT_CHOSEN, **options: Any) -> None:
        super().__init__(queryset=User.objects.none(), empty_label=empty_label, **options)


class PeopleField(_Offering, forms.ModelMultipleChoiceField):
    """Several of our people."""

    widget = PeopleSelect
    iterator = _People

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=User.objects.none(), **options)


class PeopleOrNames(PeopleSelect):
    """Colleagues from the list, and below it the names of others, one a line; both are sent by the same name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Both as one list. A program sends the list itself, or one text with a name a line."""
        sent = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [line for each in ([sent] if isinstance(sent, str) else sent) for line in str(each).splitlines()]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        people = [one.colleague.user for _group, some in self.choices for one, _label in some]
        keys = _written(people)
        chosen = [keys[each] for each in value or () if each in keys]
        others = [each for each in value or () if each not in keys]
        about = {"name": name, "others": "\n".join(others), "attrs": attrs or {}}
        select = super().render(name, chosen, attrs, renderer)
        return select + render_to_string("components/other_names.html", about)


class PeopleOrNamesField(_Offering, Lines):
    """Who was there or helped: colleagues by number, others by name; the value is a list of names.

    A name is what the record and its form have always held, so a colleague is written down by it; where two of those
    offered have the same one, with the number. What stands in older records is taken as it is.
    """

    widget = PeopleOrNames  # type: ignore[assignment]
    to_field_name = BY_NUMBER
    empty_label = None

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.offer(User.objects.none())

    def offer(self, people: QuerySet[User], **how: Any) -> None:
        super().offer(people, **how)
        self.widget.choices = _People(self)  # type: ignore[arg-type]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, User):
            return value.employee_number
        return self._named(value.splitlines() if isinstance(value, str) else value or [])

    def to_python(self, value: Any) -> Any:
        return self._named(super().to_python(value))

    def clean(self, value: Any) -> Any:
        return list(dict.fromkeys(super().clean(value)))

    def _named(self, entries: Sequence[str]) -> list[str]:
        """The names, for numbers of colleagues too; two statements at most."""
        numbers = [each for each in entries if is_storable(each)]
        found = list(self.queryset.filter(employee_number__in=numbers)) if numbers else []
        if not found:
            return list(entries)
        names = _written(self.queryset.filter(name__in={one.name for one in found}))
        by_number = {number: name for name, number in names.items()}
        return [by_number.get(each, each) for each in entries]


def _written(people: Iterable[User]) -> dict[str, str]:
    """Everybody's number by the name as it is written down."""
    people = list(people)
    names = Counter(one.name for one in people)
    told = {one: one.name if names[one.name] == 1 else f"{one.name}（{one.employee_number}）" for one in people}
    return {name: one.employee_number for one, name in told.items()}
