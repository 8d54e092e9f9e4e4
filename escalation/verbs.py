"""The verbs that escalation adds to a declaration, and those that end a request together with its incident."""

from escalation import actions, forms
from incidents.forms import handling, intake
from incidents.verbs import Verb

VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("request_escalation", forms.RequestEscalationForm, actions.request_escalation),
        Verb("decide_escalation", forms.DecideForm, actions.decide_escalation, version_of="request"),
        Verb("countersign", forms.CountersignForm, actions.countersign, version_of="request"),
        Verb("change_type", intake.ChangeTypeForm, actions.change_type),
        Verb("withdraw", handling.WithdrawForm, actions.withdraw),
        Verb("warn", forms.WarnForm, actions.warn),
    )
}
