"""Why something was refused: one class a kind of answer, each with a sentence for the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from ledger.models import Record

Sentence = str | Promise
CORRECT_THE_FIELDS = gettext_lazy("Some entries are missing or wrong. Correct the marked fields, then go on.")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Reason:
    """One thing that is missing, with the clause that asks for it."""

    sentence: Sentence
    clause: str = ""


class Refused(Exception):
    """Something a person may not or cannot do now.

    `sentence` is for the person and says what to do next; form, API and log print the same one. `status` is the
    HTTP status, `code` a stable word for programs. `errors` are sentences by field, `reasons` what is missing.
    `is_recorded` once it stands in the security stream.
    """

    status: ClassVar[int] = 409
    default_code: ClassVar[str] = "refused"

    def __init__(
        self,
        sentence: Sentence,
        *,
        code: str = "",
        clause: str = "",
        errors: Mapping[str, Sequence[Sentence]] | None = None,
        reasons: Sequence[Reason] = (),
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.default_code
        self.clause = clause
        self.errors: dict[str, list[Sentence]] = {name: list(found) for name, found in (errors or {}).items()}
        self.reasons: list[Reason] = list(reasons)
        self.is_recorded = False

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def all_reasons(self) -> list[Reason]:
        """Everything that is missing, each with its clause; at least the sentence itself."""
        return self.reasons or [Reason(self.sentence, self.clause)]

    @property
    def sentences(self) -> list[str]:
        """What is wrong with single fields; the sentence of the whole says no more than that they are."""
        return [str(sentence) for found in self.errors.values() for sentence in found]


class NotPermitted(Refused):
    """The person sees the record but is not entitled to this step."""

    status = 403
    default_code = "not_permitted"


class NotPossible(Refused):
    """The record is not in the state that this step needs, or a guard of the procedure is not met."""

    status = 409
    default_code = "not_possible"


class ClockBehind(NotPossible):
    """The server's clock stands before what was recorded last: an entry would be dated before the one it follows."""

    default_code = "clock_behind"

    def __init__(self, shows: datetime, recorded: datetime) -> None:
        times = {"shows": f"{localtime(shows):%m-%d %H:%M:%S}", "recorded": f"{localtime(recorded):%m-%d %H:%M:%S}"}
        super().__init__(
            _(
                "The server's clock shows %(shows)s, which lies before the last entry of this record (%(recorded)s). "
                "Your text is kept. Have the administrator put the clock right, then save again."
            )
            % times
        )


class SettingMissing(NotPossible):
    """Something is not set that the step needs; the sentence names it and says where it is kept."""

    default_code = "setting_missing"


class Stale(Refused):
    """Somebody saved the record after the version that was sent.

    `current` is the record as it stands (its `version` is the one to send next); `changed` maps each field that
    changed since to its values before and after, as the ledger holds them (dates as ISO text, links as keys).
    """

    status = 412
    default_code = "stale"

    def __init__(
        self,
        current: Record,
        *,
        changed_by: str = "",
        changed_at: datetime = LONG_AGO,
        changed: Mapping[str, tuple[object, object]] | None = None,
    ) -> None:
        self.current = current
        self.changed_by = changed_by
        self.changed_at = changed_at
        self.changed: dict[str, tuple[object, object]] = dict(changed or {})
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        if not self.changed_by:
            return _("This record was changed in the meantime. Your text is kept. Compare both, then save again.")
        return _(
            "%(name)s saved this record at %(time)s while you were typing. Your text is kept. "
            "Compare both, then save again."
        ) % {"name": self.changed_by, "time": localtime(self.changed_at).strftime("%H:%M")}


class TooOften(Refused):
    """Asked more often than the rate of a page allows; the sentence says when to go on, or whom to ask."""

    status = 429
    default_code = "too_often"


class AlreadySaved(Refused):
    """What this form brought has been saved before; nothing is saved a second time."""

    status = 409
    default_code = "already_saved"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This form has been saved already. Open it anew to add another."))


class VersionMissing(Refused):
    """A change came without the version of the record that it was made on."""

    status = 428
    default_code = "version_missing"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("The version of the record is missing. Load the record again, then save."))


class Invalid(Refused):
    """Values are missing or wrong; `errors` names the fields."""

    status = 422
    default_code = "invalid"

    def __init__(
        self,
        errors: Mapping[str, Sequence[Sentence]],
        sentence: Sentence = CORRECT_THE_FIELDS,
        *,
        code: str = "",
        clause: str = "",
        reasons: Sequence[Reason] = (),
    ) -> None:
        super().__init__(sentence, code=code, clause=clause, errors=errors, reasons=reasons)
