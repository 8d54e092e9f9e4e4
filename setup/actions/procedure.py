"""The firm's own words on the controlled document: its header, the name of its first level, its official text."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.actions.checks import assign, checked
from accounts.actors import Actor
from ledger.actions import attempt, step
from ledger.exceptions import Invalid, NotPossible
from procedure.actions import Imported, import_official_text
from procedure.models import HEADER, ProcedureVersion, State
from procedure.parsing import COVER, NoText, plain_text
from procedure.queries import Words, forget_rules
from setup import access

LARGEST_TEXT = 2 * 1024 * 1024


def change_header(
    found: ProcedureVersion,
    *,
    actor: Actor,
    version: int | None,
    first_levels: Mapping[str, Words],
    **values: object,
) -> ProcedureVersion:
    """Put the header (R-DC-1) of the version in force in the firm's words, and rename its first levels (A-34).

    `values` are fields of `procedure.models.HEADER`; `first_levels` names by what they are called until now. What was
    filed keeps the header of its day. Raises `Stale`, `Invalid`, and `NotPossible` once the version is withdrawn.
    """
    with step(
        ProcedureVersion, found.pk, version=version, signature=actor.signature(), action="change_header", clause="DC"
    ) as taken:
        taken.signature = actor.signature(access.require_keep_procedure(actor))
        if taken.record.state != State.IN_FORCE:
            raise NotPossible(_("Only the version in force can be changed here. Open it anew."))
        assign(taken.record, values, frozenset(HEADER))
        checked(taken.record)
        if taken.record.issued_on > taken.record.effective_on:
            sentence = _("The procedure has been in effect since %(day)s. Enter that day at latest.")
            raise Invalid({"issued_on": [sentence % {"day": taken.record.effective_on}]})
        names = [words.zh for words in first_levels.values()]
        if len(set(names)) < len(names):
            raise Invalid({"": [_("Two first levels have the same name. Give them different ones.")]})
        for leaf in taken.record.category_rows.filter(level1__in=first_levels):
            words = first_levels[leaf.level1]
            taken.track(leaf)
            leaf.level1, leaf.level1_en = words.zh, words.en
    forget_rules()
    return taken.record


def put_official_text(found: ProcedureVersion, content: bytes, *, actor: Actor) -> Imported:
    """Put the owner's own words of a plain text file (UTF-8 or GB18030) beside the version; what became of each place.

    Raises `Invalid` for a file that is larger than `LARGEST_TEXT` bytes or no text, or in which no place is found.
    """
    with attempt(actor.signature(), action="import_official_text", stream=found.stream, clause="DC") as tried:
        tried.signature = actor.signature(access.require_keep_procedure(actor))
        if len(content) > LARGEST_TEXT:
            raise Invalid({"file": [_("The file is larger than 2 MB. Save the text alone, without pictures.")]})
        try:
            text = plain_text(content)
        except NoText as error:
            sentence = _(
                "This is no plain text. Open it in Word or WPS, save it as plain text (.txt), and choose that."
            )
            raise Invalid({"file": [sentence]}) from error
        report = import_official_text(text, version=found, signature=tried.signature)
        if not {*report.filled, *report.unchanged} - {("clause", COVER)}:
            sentence = _("No heading of the file fits a clause of the procedure. Choose the file of this procedure.")
            raise Invalid({"file": [sentence]})
        return report
