"""Filing as a verb, and all verbs of a declaration together."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from escalation.verbs import VERBS as ESCALATION_VERBS
from incidents.forms import VerbForm, fields
from incidents.verbs import COMPOSED, Verb
from incidents.verbs import VERBS as INCIDENT_VERBS
from record_form import actions


class FileForm(VerbForm):
    paper_place = fields.line(_("Where the paper originals are kept"), help_text=_("“None” if there is no paper."))


VERBS: Mapping[str, Verb] = {
    **INCIDENT_VERBS,
    **ESCALATION_VERBS,
    "file": Verb("file", FileForm, actions.file),
}
# Everything that has a page and an address: the verbs, and those that take several at once.
STEPS: Mapping[str, Verb] = {**VERBS, **COMPOSED}
