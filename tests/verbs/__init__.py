"""Every verb with its rights and its examples, as the tests read them: one row each, beside its kin."""

from __future__ import annotations

from dataclasses import replace

from record_form.verbs import VERBS
from tests.scenes import Scene
from tests.verbs import completion, corrections, handling, intake, monitoring, receiving
from tests.verbs.example import NOTED, Filled, Use

EXAMPLES = {
    **intake.EXAMPLES,
    **receiving.EXAMPLES,
    **handling.EXAMPLES,
    **monitoring.EXAMPLES,
    **completion.EXAMPLES,
    **corrections.EXAMPLES,
}
# verb: (who, in which states)
TABLE: dict[str, tuple[str, str]] = {
    verb: (example.who, example.states) for verb, example in EXAMPLES.items() if example.who
}
USES: dict[str, Use] = {
    verb: replace(example.use, action=example.use.action or VERBS[verb].action)
    for verb, example in EXAMPLES.items()
    if example.use is not None
}
FORMS: dict[str, Filled] = {verb: example.form for verb, example in EXAMPLES.items() if example.form is not None}


def scene_of(verb: str) -> Scene:
    """Whose records the verb's example is done on."""
    return NOTED if verb == "confirm_contract_notes" else Scene()
