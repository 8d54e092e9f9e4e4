"""The verbs that escalation adds to a declaration."""

from escalation import actions, forms
from incidents.verbs import Verb

VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("request_escalation", forms.RequestEscalationForm, actions.request_escalation),
        Verb("decide_escalation", forms.DecideForm, actions.decide_escalation, version_of="request"),
        Verb("countersign", forms.CountersignForm, actions.countersign, version_of="request"),
        Verb("warn", forms.WarnForm, actions.warn),
    )
}
