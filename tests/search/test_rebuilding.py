"""The index is made anew from what is stored."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from accounts.models import Customer
from accounts.queries import find_contacts
from incidents.models import Declaration
from search.actions import remove
from search.models import Document
from search.queries import matching
from tests import scenes

pytestmark = pytest.mark.django_db


def test_everything_is_found_again_after_a_rebuild(monday, capsys):
    declaration = scenes.Scene().accepted(subject="业务量积\n压严重")
    found = sorted(Document.objects.values_list("kind", "key"))
    for kind, key in found:
        remove(kind, key)
    assert find_contacts("沈亦舟") == []
    call_command("rebuild_search")
    assert sorted(Document.objects.values_list("kind", "key")) == found
    assert find_contacts("沈亦舟")
    keys = matching("declaration", "积压")
    assert keys is not None
    assert declaration in Declaration.objects.filter(pk__in=keys)
    customers = Customer.objects.count()
    assert f"customers {customers}/{customers}" in capsys.readouterr().out
