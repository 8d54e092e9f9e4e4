"""The warnings of one clock in one round, with the messages that carry them (R-5.4.6-3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Contact, User
from base.rows import NewRow
from escalation.queries import Told
from incidents.models import Communication, Declaration, Way
from ledger.actions import Change
from notifications.actions import Channel, Notice
from notifications.writing import words_to_customer
from sla.models import Clock
from sla.queries import Reached


@dataclass
class IssuedWarnings:
    """The warnings of one clock in one round; one message carries them all."""

    declaration: Declaration
    clock: Clock
    crossed: Sequence[Reached]
    is_late: bool
    warnings: list[NewRow] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    letter: str = ""

    def notices(self) -> list[Notice]:
        """Staff hear it in the portal, the customer by mail."""
        threshold, reached_at = self.crossed[-1]
        data: dict[str, object] = {"level": self.declaration.priority, "due_at": self.clock.due_at}
        if self.is_late:
            data["reached_at"] = reached_at
        ways: list[tuple[str, type[User] | type[Contact]]] = [(Channel.IN_APP, User), (Channel.EMAIL, Contact)]
        return [
            Notice(
                f"warning.{self.clock.kind}.{threshold}",
                stream=self.declaration.stream,
                number=self.declaration.number,
                recipients=[person for _role, person in self.told if isinstance(person, kind)],
                data=data,
                threshold=threshold,
                # A clock that took the place of another counts its cycles from one again; a warning has one key.
                cycle=self.warnings[-1].key,
                channel=channel,
                text=self.letter if kind is Contact else "",
            )
            for channel, kind in ways
        ]

    def for_watchers(self, people: Iterable[User]) -> Notice:
        """Who watches the record hears it too, unless it was said to them already."""
        told = [person for _role, person in self.told]
        return Notice(
            "watched.warning",
            stream=self.declaration.stream,
            number=self.declaration.number,
            recipients=[one for one in people if one not in told],
            data={"level": self.declaration.priority, "due_at": self.clock.due_at},
            cycle=self.warnings[-1].key,
        )

    def write_to_customer(self, change: Change[Declaration], at: datetime) -> None:
        """What the desk writes to the customer by itself stands on the record in its words (R-5.4.6-1)."""
        for contact in [person for _role, person in self.told if isinstance(person, Contact)]:
            self.letter = words_to_customer(self.declaration.number, self.clock.due_at, at, contact.language)
            change.add(
                Communication,
                declaration_id=change.record.pk,
                at=at,
                recorded_at=at,
                way=Way.EMAIL,
                contact_id=contact.pk,
                text=self.letter,
            )
