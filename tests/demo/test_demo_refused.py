"""The demonstration is loaded into an empty embedded desk and into no other."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.actions import create_department, create_user
from accounts.actors import SYSTEM
from accounts.models import Department, User
from base.clock import now
from demo import data_path
from demo.management.commands import load_demo
from demo.models import DemoStep
from demo.people import load_people
from demo.story.telling import Told

pytestmark = pytest.mark.django_db
DATA = json.loads(data_path().read_text(encoding="utf-8"))


def test_production_refuses_it(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="not loaded in production"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_a_desk_in_real_use_refuses_it():
    unit = create_department(actor=SYSTEM, code="R1", name="运营支持部")
    create_user(actor=SYSTEM, username="gulan", employee_number="1", name="顾岚", department=unit)
    with pytest.raises(CommandError, match="an empty one"):
        call_command("load_demo")
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["1", "", "12345678901234"])
def test_a_weak_password_is_refused_before_anybody_is_made(password):
    with pytest.raises(CommandError):
        call_command("load_demo", password=password)
    assert not User.objects.exists()


def test_an_interrupted_loading_may_go_on(monkeypatch):
    load_people(DATA, "Demonstration-1")
    monkeypatch.setattr(load_demo, "tell", lambda until, progress: Told())
    monkeypatch.setattr(load_demo, "seal", lambda: 0)
    call_command("load_demo")
    assert not load_demo.has_others(DATA)


def test_a_demonstration_to_which_a_visitor_added_somebody_goes_on(monkeypatch):
    load_people(DATA, "Demonstration-1")
    DemoStep.objects.create(position=1, done_at=now())
    create_user(actor=SYSTEM, username="gulan", employee_number="1", name="顾岚", department=Department.objects.first())
    monkeypatch.setattr(load_demo, "tell", lambda until, progress: Told(steps=3, left={"20270304-01"}))
    monkeypatch.setattr(load_demo, "seal", lambda: 0)
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert "left to the visitors who changed them: 1" in said.getvalue()
    assert "0 accounts and 3 steps" in said.getvalue()


def test_the_thirty_are_loaded_alone_where_that_is_asked_for(monkeypatch):
    monkeypatch.setattr(load_demo, "replay", lambda data, progress: 358)
    monkeypatch.setattr(load_demo, "seal", lambda: 0)
    said = StringIO()
    call_command("load_demo", thirty=True, stdout=said)
    assert "358 steps" in said.getvalue()
