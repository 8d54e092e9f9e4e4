"""Every address with what nobody would type into it: an answer in words, never a failure of the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from base.clock import set_clock
from tests import scenes
from tests.desk.addresses import ADDRESSES
from tests.desk.test_addresses import SAMPLES, sample
from tests.desk.walk import only_answers
from tests.firm import client_of
from tests.incidents.table import ROLES

pytestmark = pytest.mark.django_db
NAMES = (
    "view q state level type customer department sort cursor saved before after id up_to year day clock contract "
    "selected query figure part since until by reason back linked caller_id handler received_from limit expected"
).split()
ODD_VALUES = ["\x00", "9" * 30, "0001-01-01T00:00:00+14:00", "²", "x" * 3000]
NUMBERS = ["0", str(2**31), str(2**63), "9" * 30]
TEXTS = ["%00", "%ED%A0%80", "x" * 300, "9999-99-99"]


def odd_paths(address: str, number: str) -> list[str]:
    """The address with each odd part, of a record that is there."""
    if "<" not in address.replace("<str:number>", ""):
        return [f"/{address.replace('<str:number>', text)}" for text in TEXTS] if "<" in address else []
    paths = []
    for digits, text in zip(NUMBERS, TEXTS, strict=True):
        path = address.replace("<str:number>", number)
        for placeholder in SAMPLES:
            path = path.replace(placeholder, digits if placeholder.startswith("<int") else text)
        paths.append(f"/{path}")
    return paths


def _tried_by(role: str) -> set[str]:
    """What the head may open is tried by the head, the rest by the administrator."""
    of_head = {address for address, door in ADDRESSES.items() if "head" in door.who}
    return (of_head if role == "head" else set(ADDRESSES) - of_head) - {"sign-out/"}


def answers_to_values(client: Client, path: str) -> Iterator[int]:
    """The status for each odd value of every parameter; for one of them, where the page looks at no parameter."""
    for value in ODD_VALUES:
        answer = client.get(path, dict.fromkeys(NAMES, value))
        yield answer.status_code
        # Django reads the parameters when somebody asks for them.
        if "GET" not in vars(answer.wsgi_request):
            return


@pytest.mark.walks
@pytest.mark.parametrize("role", ["head", "other staff"])
@pytest.mark.usefixtures("monday")
def test_odd_parts_and_parameters_of_an_address_are_answered(role: str) -> None:
    number, failed = scenes.Scene().at("in_progress").number, []
    client = client_of(ROLES[role][0], raise_request_exception=False)
    with set_clock(scenes.MONDAY), only_answers():
        for address in sorted(_tried_by(role)):
            path, odd = sample(address, number), odd_paths(address, number)
            answers = [(path, status) for status in answers_to_values(client, path)]
            answers += [(each, client.get(each).status_code) for each in odd]
            answers += [(each, client.post(each, {"version": "1"}).status_code) for each in odd]
            failed += [(each[:80], status) for each, status in answers if status >= 500]
    assert failed == []
