"""How many entries a second `verify_ledger` walks and compares with their rows, in CPU time of one core.

Run `python -m benchmarks.verification` with DATABASE_URL for PostgreSQL, without for the embedded database; it makes a
scratch database and drops it. The records are contacts with chains of `CHAIN` entries: what a declaration costs on top
are its columns and the rows that belong to it.
"""

from __future__ import annotations

import os
from time import process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.models import Contact, Customer, Department  # noqa: E402
from ledger.actions.chains import Act, append_all  # noqa: E402
from ledger.canonical import field_values  # noqa: E402
from ledger.signature import Signature  # noqa: E402
from ledger.verification import whole  # noqa: E402

RECORDS, CHAIN, AT_ONCE = 2_000, 25, 200
# A million in a minute.
GOAL = 1_000_000 / 60
SYSTEM = Signature(kind="system", key="system", name="benchmark")


def main() -> None:
    rate = _measured()
    verdict = "ok" if rate >= GOAL else "red"
    print(f"{'entries a second verified with their rows':44} {rate:10,.0f}   goal {GOAL:,.0f}   {verdict}")


def _measured() -> float:
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0)
    try:
        customer = _customer()
        for first in range(0, RECORDS, AT_ONCE):
            _fill(customer, first)
        began = process_time()
        # The department and the customer of this benchmark have no chains.
        assert len(list(whole())) == 2
        return RECORDS * CHAIN / (process_time() - began)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _customer() -> Customer:
    department = Department.objects.create(code="D1", name="一部")
    return Customer.objects.create(code="C1", name="客户", department=department)


@transaction.atomic
def _fill(customer: Customer, first: int) -> None:
    contacts = [Contact(customer=customer, code=f"P{first + number}", name="联系人") for number in range(AT_ONCE)]
    append_all(
        (act for one in Contact.objects.bulk_create(contacts) for act in _chain(one, field_values(one))),
        signature=SYSTEM,
    )


def _chain(contact: Contact, values: dict[str, object]) -> list[Act]:
    row = {"model": "accounts.contact", "pk": contact.pk, "rows": [], "facts": {}}
    began = {**row, "fields": {name: [None, value] for name, value in values.items()}}
    changed = {**row, "fields": {"name": [contact.name, contact.name]}, "facts": {"reason": "更正" * 50}}
    return [
        Act(contact.stream, "create_contact", "5.3", began),
        *(Act(contact.stream, "change_contact", "5.3", changed) for _later in range(CHAIN - 1)),
    ]


if __name__ == "__main__":
    main()
