"""The forms of customers."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.forms import Form
from tests.firm import CHEN_HEAD, LIU_DESK, LUO_BANK_B, TANG_BANK_B, contact, person


def forms() -> Iterator[Form]:
    """Each once, as the head of the department gets it."""
    yield Form(
        "accounts/form.html",
        "form",
        CHEN_HEAD,
        lambda: reverse("customer-new"),
        lambda: {
            "code": "C77",
            "name": "新开银行",
            "department": str(person(CHEN_HEAD).department_id),
            "industry": "银行",
        },
    )
    yield Form(
        "accounts/form.html",
        "form",
        CHEN_HEAD,
        lambda: reverse("customer-change", args=[contact(TANG_BANK_B).customer_id]),
        lambda: {"industry": "证券"},
    )
    yield Form(
        "desk/customers/merge.html",
        "merge",
        LIU_DESK,
        lambda: (
            f"{reverse('contacts-merge', args=[contact(TANG_BANK_B).customer_id])}?gone={LUO_BANK_B}&kept={TANG_BANK_B}"
        ),
    )
