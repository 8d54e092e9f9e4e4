"""Two people on one record: what the other one saved, what this one typed, and the choice between them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, cast

from django.forms import BooleanField, FileField, HiddenInput
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from desk.record.timeline.lines import TimelineLine, lines
from desk.record.timeline.people import with_names_in
from escalation.verbs import version_of
from incidents.access import require_possible
from incidents.forms import VerbForm
from incidents.forms.corrections import as_typed
from incidents.models import Declaration
from incidents.verbs.timeline import Names, history_of
from ledger.exceptions import NotPossible, Reason, Stale
from ledger.queries import history
from procedure.queries import rules
from record_form.verbs import STEPS
from ui.conflicts import Conflict, FieldConflict

LONGEST_DIFF = 4000


def current(declaration: Declaration, verb: str) -> dict[str, Any]:
    """The values in force of the columns that the form of this verb writes, by its field names."""
    return {name: as_typed(getattr(declaration, column)) for name, column in STEPS[verb].columns.items()}


def chosen(posted: QueryDict, declaration: Declaration, verb: str) -> QueryDict:
    """The form as it was posted, with their value in every field for which theirs was chosen."""
    data = posted.copy()
    for name, value in current(declaration, verb).items():
        if data.get(f"choose-{name}") == "theirs":
            data[name] = "\n".join(value) if isinstance(value, list) else str(value)
            if name in ("impact", "urgency"):
                data["cell"] = ""
    return data


def conflict(declaration: Declaration, verb: str, form: VerbForm, stale: Stale, version: int) -> Conflict:
    """`declaration` as it stands now, `form` as it was typed on `version`; about eight statements."""
    meanwhile = _since(declaration, version if STEPS[verb].version_of == "declaration" else None)
    rows, typed = _choices(declaration, verb, form)
    return Conflict(
        who=stale.changed_by,
        at=stale.changed_at,
        meanwhile=meanwhile,
        rows=rows,
        typed=typed,
        hidden=_hidden(form),
        files=[name for name, field in form.fields.items() if isinstance(field, FileField)],
        version=version_of(declaration, STEPS[verb]),
        impossible=_impossible(declaration, verb),
    )


def _impossible(declaration: Declaration, verb: str) -> list[Reason]:
    try:
        require_possible(declaration, STEPS[verb].move.verb)
    except NotPossible as refused:
        return refused.all_reasons
    return []


def _since(declaration: Declaration, version: int | None) -> list[TimelineLine]:
    """The time line since the version, newest first; without one its last line."""
    entries = history_of(history(declaration.stream))
    later = [entry for entry in entries if version is not None and (entry.fields.number("version") or 0) > version]
    shown = later or entries[-1:]
    return lines(shown, with_names_in(shown, Names(rules(declaration.procedure_version_id))))


def _choices(declaration: Declaration, verb: str, form: VerbForm) -> tuple[list[FieldConflict], list[FieldConflict]]:
    """Fields on which both sides say something different (or the same), and those that only this person filled in."""
    rows, typed = [], []
    theirs = current(declaration, verb)
    for name, field in form.fields.items():
        value = form[name].value()
        if isinstance(field, FileField) or name == "cell":
            continue
        mine = _words(form, name, value)
        label = str(form[name].label)
        if name in theirs and (theirs[name] or mine):
            other = _words(form, name, theirs[name])
            if other == mine or not other:
                rows.append(FieldConflict(name, label, other, mine, same=other == mine))
                if not other:
                    rows.pop()
                    typed.append(FieldConflict(name, label, "", mine))
            else:
                left, right = _marked(other, mine)
                rows.append(FieldConflict(name, label, left, right))
        elif mine and not isinstance(field.widget, HiddenInput):
            typed.append(FieldConflict(name, label, "", mine))
    return sorted(rows, key=lambda row: row.same), typed


def typed(form: VerbForm) -> list[tuple[str, str]]:
    """What a person filled in, as label and words: for a step that cannot be taken any more."""
    pairs = ((str(bound.label), _words(form, bound.name, bound.value())) for bound in form if not bound.is_hidden)
    return [(label, words) for label, words in pairs if words]


def _words(form: VerbForm, name: str, value: Any) -> str:
    """A value as a person reads it: the label of a choice, entries one a line."""
    if value in (None, "", [], False):
        return ""
    field = form.fields[name]
    if isinstance(field, BooleanField):
        return str(_("Yes"))
    if isinstance(field, FileField):
        return str(value)
    choices: list[tuple[Any, Any]] = list(flatten_choices(getattr(field, "choices", ())))
    labels = {str(key): str(label) for key, label in choices}
    values = value if isinstance(value, list | tuple) else [value]
    return "\n".join(labels.get(str(each), str(each)) for each in values)


def _hidden(form: VerbForm) -> list[tuple[str, str]]:
    """Everything that was typed, to be sent again."""
    return [
        (form.add_prefix(name), str(value))
        for name in form.fields
        for value in cast("QueryDict", form.data).getlist(form.add_prefix(name))
    ]


def _marked(theirs: str, mine: str) -> tuple[SafeString, SafeString]:
    """Both texts with what the other one has not, marked by more than colour."""
    if len(theirs) + len(mine) > LONGEST_DIFF:
        return conditional_escape(theirs), conditional_escape(mine)
    blocks = difflib.SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes()
    left = [(kind, theirs[start:end]) for kind, start, end, _a, _b in blocks]
    right = [(kind, mine[start:end]) for kind, _a, _b, start, end in blocks]
    return _html(left), _html(right)


def _html(parts: Sequence[tuple[str, str]]) -> SafeString:
    shown = ((format_html("{}" if kind == "equal" else "<ins>{}</ins>", text),) for kind, text in parts if text)
    return format_html_join("", "{}", shown)
