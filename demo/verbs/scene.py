"""One step of a declaration of the demonstration, with its values as the actions take them."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Contact, User
from incidents import actions

Values = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """One step of one declaration: the input of the call, who acts, and the values of the step.

    `find` answers the declaration that a call has become.
    """

    call: dict[str, Any]
    actor: Actor
    verb: str
    values: Values
    find: Callable[[str], int]

    @property
    def pk(self) -> int:
        return self.find(self.call["ref"])

    def uploads(self) -> tuple[actions.Upload, ...]:
        """The files that came with this verb, and the original mail with the acceptance."""
        files = [file for file in self.call.get("attachments", []) if file["step"] == self.verb]
        found = [
            actions.Upload(
                file["name"],
                io.BytesIO(base64.b64decode(file["content_base64"])),
                file["media_type"],
                file.get("pages"),
            )
            for file in files
        ]
        if self.verb == "accept" and "eml" in self.call:
            found.append(actions.Upload("message.eml", io.BytesIO(mail_bytes(self.call["eml"])), "message/rfc822"))
        return tuple(found)


def mail_bytes(eml: dict[str, Any]) -> bytes:
    """The original bytes of a mail."""
    return base64.b64decode(eml["base64"]) if "base64" in eml else eml["text"].encode("utf-8")


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def contact(code: str | None) -> Contact | None:
    return Contact.objects.select_related("customer__department").get(code=code) if code else None


def person(number: str) -> User:
    return User.objects.get(employee_number=number)


def named(people: list[str] | str) -> list[str]:
    if isinstance(people, str):
        return []
    return [person(name).name if name.startswith("S") and name[1:].isdigit() else name for name in people]


def told(code: str) -> dict[str, Any]:
    known = Contact.objects.filter(code=code).first()
    return {"contact": known, "to": "" if known else code}
