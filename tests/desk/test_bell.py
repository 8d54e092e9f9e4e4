"""The bell names what a message is about, to whoever may see it now."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.models import Declaration
from notifications.models import Notification
from tests.firm import CHEN_HEAD, LIN_HEAD, client_of, person
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def bell(number: str) -> str:
    return client_of(number).get(reverse("notifications")).content.decode()


def test_a_line_names_the_subject_and_leads_where_it_is_decided(scene: Scene) -> None:
    declaration = scene.requested()
    page = bell(CHEN_HEAD)
    assert declaration.subject in page
    assert f'href="{reverse("decision", args=[declaration.number])}"' in page


def test_of_a_record_that_its_reader_may_not_see_any_more_the_subject_is_left_out(scene: Scene) -> None:
    declaration = scene.requested()
    Declaration.objects.filter(pk=declaration.pk).update(department=person(LIN_HEAD).department_id)
    page = bell(CHEN_HEAD)
    assert declaration.number in page
    assert declaration.subject not in page


def test_the_statements_do_not_grow_with_the_lines(scene: Scene, count_queries) -> None:
    scene.requested()
    reader = client_of(CHEN_HEAD)
    few = count_queries(lambda: reader.get(reverse("notifications")))
    for _more in range(3):
        scene.requested()
    assert Notification.objects.filter(user=person(CHEN_HEAD), channel="in_app").count() > 3
    assert count_queries(lambda: reader.get(reverse("notifications"))) <= few
