"""Filing as a verb, and all verbs of a declaration together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escalation.verbs import VERBS as ESCALATION_VERBS
from incidents.forms import VerbForm, fields
from incidents.models import State
from incidents.verbs import VERBS as INCIDENT_VERBS
from incidents.verbs import Prompt, Verb, VerbButton, by_name
from incidents.verbs.due import in_state
from incidents.verbs.timeline import HANDLING, LineFormat, fixed
from incidents.verbs.verb import own
from record_form import actions


class FileForm(VerbForm):
    paper_place = fields.line(_("Where the paper originals are kept"), help_text=_("“None” if there is no paper."))


FILE = Verb(
    "file",
    FileForm,
    actions.file,
    icon="archive",
    button=pgettext_lazy("button", "File"),
    done=_("Filed; it can no longer be changed"),
    timeline=LineFormat((HANDLING,), fixed(_("Filed; the form is frozen"), "paper_place")),
    hint=_("The form is frozen with its check code; afterwards only annexes can be added."),
    is_milestone=True,
    proves=("5.5",),
    queue="filing",
    columns=own("paper_place"),
    choices=(VerbButton("file", "file", primary=True),),
    prompt=Prompt(
        26,
        button=pgettext_lazy("step", "File"),
        due=in_state(State.CLOSED),
        why=_("Closed; the form can be filed"),
    ),
)

# All that has a page and an address.
STEPS = by_name(INCIDENT_VERBS.values(), ESCALATION_VERBS.values(), [FILE])
# Those that are one move each; the others take several in one form and one transaction.
VERBS = {name: verb for name, verb in STEPS.items() if not verb.opens}
# Whose turn comes, in the order of the procedure.
_prompts = [(name, verb.prompt) for name, verb in VERBS.items() if verb.prompt]
PROMPTS = dict(sorted(_prompts, key=lambda prompted: prompted[1].position))
# The outcomes of screening, which share a page.
SCREENING = tuple(verb.name for verb in VERBS.values() if verb.is_screening)
