"""The course of one call: step after step, each some minutes after the one before, until the plan ends."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zlib import crc32

from demo.story.firm import Client, read_data
from demo.story.hours import later
from demo.story.wording import Slots, addressed, opening, other, slots

Span = tuple[float, float]
INTERNAL = ("monitoring", "maintenance")
PAPER = ("letter", "fax")


class Course:
    """Everything that happens to one call. `rng` is its own, so that no other call changes it."""

    def __init__(
        self, ref: str, client: Client, channel: str, arrived: datetime, matter: dict[str, Any] | None = None
    ) -> None:
        self.ref, self.client, self.channel = ref, client, channel
        # Each call has a fraction of a second of its own, so that no two steps fall on one instant.
        self.arrived = self.at = arrived.replace(microsecond=crc32(ref.encode()) % 1_000_000)
        self.rng = Random(ref)
        self.contact = self.rng.choice(client.contacts)
        self.slots: Slots = slots(self.rng, client.id, arrived, addressed(self.contact))
        self.steps: list[dict[str, Any]] = []
        self.matter = matter or {}
        self.stranger: dict[str, Any] = {}
        self.subject = self.body = ""

    def say(self, text: str) -> str:
        """A text with the names and numbers of this call."""
        return text.format(**self.slots)

    def pick(self, *path: str) -> str:
        """One of several texts."""
        return self.say(self.rng.choice(other(*path)))

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.rng.random() < share

    def do(self, verb: str, by: str, after: Span, *, any_hour: bool = False, **values: Any) -> None:
        """The next step, so many minutes of working time later, or of any time."""
        pause = timedelta(seconds=round(60 * self.rng.uniform(*after)))
        self.at = self.at + pause if any_hour else later(self.at, pause) + timedelta(seconds=self.rng.randint(1, 40))
        self.steps.append({"at": self.at.isoformat(), "by": by, "verb": verb, "values": values})

    def hold(self, until: datetime) -> None:
        """Nothing happens before then."""
        self.at = max(self.at, until)

    def asks(self, subject: str, body: str) -> None:
        """What the caller wants, in the words of the desk or of the letter."""
        self.subject, self.body = self.say(subject), opening(self.channel, self.slots) + self.say(body)

    def whom(self) -> str:
        """The contact who is spoken to, also of a call that a monitor made."""
        return str(self.contact["id"])

    def way(self) -> str:
        """How the customer is usually reached."""
        return "email" if self.channel == "email" else "chat" if self.channel == "other" else "phone"

    def as_call(self) -> dict[str, Any]:
        """The call as the player takes it, in the form of the thirty."""
        called = {"ref": self.ref, "subject": self.subject, "body": self.body, "received_by": self.client.desk}
        files = [_signed_scan()] if self.client.wants_paper else []
        mail = {"eml": {"text": self._mail()}} if self.channel == "email" else {}
        return {**called, "caller": self._caller(), "steps": self.steps, "attachments": files, **mail}

    def _caller(self) -> dict[str, Any]:
        if self.stranger:
            return self.stranger
        if self.channel in INTERNAL:
            return {"customer_id": self.client.id}
        contact = self.contact
        return {
            "customer_id": self.client.id,
            "contact_id": contact["id"],
            "name": contact["name"],
            "phone": contact["mobile"],
        }

    def _mail(self) -> str:
        head = {
            "From": self.contact["email"],
            "To": "desk@provider.example",
            "Subject": f"=?utf-8?B?{b64encode(self.subject.encode()).decode()}?=",
            "Date": f"{self.arrived:%a, %d %b %Y %H:%M:%S %z}",
            "Message-ID": f"<{self.ref}@{self.client.id.lower()}.example>",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
        }
        return "\r\n".join([*(f"{name}: {value}" for name, value in head.items()), "", self.body, ""])


def _signed_scan() -> dict[str, Any]:
    """The scan with stamp of a customer who wants everything in writing, as one of the thirty has it."""
    files = (file for call in read_data()["declarations"] for file in call.get("attachments", []))
    return {**next(file for file in files if file["step"] == "confirm"), "name": "客户确认函（盖章）.png"}
