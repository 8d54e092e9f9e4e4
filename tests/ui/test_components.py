"""The parts that pages are made of."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from incidents.models.choices import State
from incidents.templatetags.declarations import STATES

NOW = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)


def render(source: str, **values: Any) -> str:
    return " ".join(Template("{% load ui declarations %}" + source).render(Context(values)).split())


def time_left(**changes: Any) -> SimpleNamespace:
    usual = {
        "state": "at_risk",
        "words": "28 min left",
        "left": timedelta(minutes=28),
        "used": timedelta(minutes=92),
        "fraction": 92 / 120,
        "due_words": "today 10:10",
        "counted": (),
    }
    return SimpleNamespace(**usual | changes)


class CallForm(forms.Form):
    channel = forms.ChoiceField(label="Channel", choices=[("phone", "Phone")], widget=forms.RadioSelect)
    subject = forms.CharField(label="Subject", max_length=8, help_text="One sentence")
    demands = forms.CharField(label="Other demands", required=False)


def test_an_unknown_icon_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="clokc"):
        render('{% icon "clokc" %}')


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert re.fullmatch(
        r'<svg class="icon icon-tag" aria-hidden="true"><use href="\S+#clock"/></svg>',
        render('{% icon "clock" "tag" %}'),
    )


def test_a_state_has_its_word_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert "已解决待确认" in render('{% badge "resolved" %}')


def test_every_state_of_a_declaration_has_a_mark() -> None:
    assert set(STATES) == set(State) - {State.NEW}


def test_a_level_not_set_yet_is_said() -> None:
    assert "No level" in render("{% level None %}")
    assert "Level 2" in render("{% level 2 %}")


def test_a_clock_brings_what_the_script_needs_to_tick(clock) -> None:
    clock.set(NOW)
    window = (NOW, NOW + timedelta(hours=1))
    shown = render("{% clock left %}", left=time_left(counted=(window,)))
    start = int(NOW.timestamp())
    assert f'data-left="1680" data-now="{start}" data-total="7200" data-counted="{start}-{start + 3600}"' in shown
    assert 'x2="77%"' in shown
    assert "amber" in shown


@pytest.mark.parametrize(("state", "bar"), [("normal", True), ("paused", True), ("met", False), ("cancelled", False)])
def test_a_bar_is_drawn_only_while_time_is_left(state: str, bar: bool) -> None:
    assert ("clock-bar" in render("{% clock left %}", left=time_left(state=state))) is bar


def test_the_notches_of_a_bar_stand_at_the_warnings_of_its_clock() -> None:
    shown = render("{% clock left %}", left=time_left(warnings=(50, 80)))
    assert re.findall(r'class="clock-notch" x1="(\d+)%"', shown) == ["50", "80"]
    assert 'data-warnings="50 80 "' in shown


def test_no_clock_is_a_dash() -> None:
    assert "–" in render("{% clock left %}", left=None)


def test_a_field_points_at_its_hint_and_its_error() -> None:
    form = CallForm({"subject": "far too long", "channel": "phone"})
    shown = render("{% field form.subject %}", form=form)
    assert 'aria-describedby="id_subject_hint id_subject_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_subject_hint"' in shown
    assert 'id="id_subject_error"' in shown


def test_an_optional_field_says_so_and_a_needed_one_does_not() -> None:
    assert "optional" in render("{% field form.demands %}", form=CallForm())
    assert "optional" not in render("{% field form.subject %}", form=CallForm())


def test_choices_are_a_group_with_a_name() -> None:
    shown = render("{% field form.channel %}", form=CallForm())
    assert re.search(r"<fieldset.*<legend[^>]*>\s*<span>Channel", shown)


def test_the_summary_leads_to_each_field_that_is_wrong() -> None:
    shown = render("{% error_summary form %}", form=CallForm({"subject": "far too long"}))
    assert "2 things to correct" in shown
    assert 'href="#id_subject"' in shown
    assert 'href="#id_channel"' in shown


@pytest.mark.parametrize("form", [CallForm(), CallForm({"channel": "phone", "subject": "short"})])
def test_a_form_without_mistakes_has_no_summary(form: forms.Form) -> None:
    assert render("{% error_summary form %}", form=form) == ""


def test_a_step_that_writes_is_a_form_with_version_and_token() -> None:
    request = RequestFactory().get("/")
    item = {"label": "Accept", "url": "/accept/", "method": "post", "running": "Accepting…"}
    source = Template('{% load ui %}{% action item "primary" 7 %}')
    shown = source.render(RequestContext(request, {"item": item}))
    assert 'name="csrfmiddlewaretoken"' in shown
    assert '<input type="hidden" name="version" value="7">' in shown
    assert 'data-running="Accepting…"' in shown


def test_a_step_that_is_impossible_keeps_its_reason() -> None:
    bar = {"blocked": [{"label": "Resolve", "reason": "Write the plan first.", "clause": "5.4.4"}]}
    shown = render("{% action_bar bar %}", bar=bar)
    assert 'aria-disabled="true" aria-describedby="why-1"' in shown
    assert re.search(r'id="why-1">Write the plan first\. <span class="clause">§5\.4\.4', shown)


def test_a_cell_of_the_matrix_reads_as_one_sentence() -> None:
    cell = {"value": "severe:high", "urgency": "High", "level": 1, "target": "4 h", "due_words": "today 13:31"}
    impact = {"label": "Severe", "definition": "", "cells": [cell]}
    shown = render("{% matrix grid %}", grid={"urgencies": [{"label": "High"}], "impacts": [impact]})
    label = re.search(r'<label class="matrix-cell">(.*?)</label>', shown)
    assert label
    words = " ".join(re.sub(r"<[^>]+>", "", label[1]).split())
    assert re.sub(r"\s*,\s*", ", ", words) == "Severe × High, Level 1, 4 h, today 13:31"


@pytest.mark.parametrize(
    "source",
    [
        "{% panel evil note=evil clause=evil %}{% endpanel %}",
        "{% section '1' evil summary=evil %}{{ evil }}{% endsection %}",
        "{% notice evil %}{{ evil }}{% endnotice %}",
        "{% dialog 'x' evil evil %}{% enddialog %}",
        "{% empty evil evil label=evil url='/' %}",
        "{% mark evil %}",
        "{% clause evil %}",
        "{% clock left %}",
        "{% plain_field evil evil who=evil %}",
        "{% entry entry %}",
        "{% diff rows evil evil %}",
        "{{ evil|phone }}",
    ],
)
def test_what_users_typed_stays_text(source: str) -> None:
    evil = "<img src=x>"
    entry = {"at": NOW, "sentence": evil, "who": evil, "before": evil, "after": evil, "detail": evil}
    rows = [{"name": "plan", "label": evil, "theirs": evil, "mine": evil}]
    shown = render(source, evil=evil, left=time_left(words=evil), entry=entry, rows=rows)
    assert "<img" not in shown
    assert "&lt;img" in shown


@pytest.mark.django_db
def test_answers_that_refuse_are_swapped_in_and_nothing_is_evaluated() -> None:
    shown = render_to_string("bare.html", request=RequestFactory().get("/"))
    meta = re.search(r"name=\"htmx-config\" content='([^']+)'", shown)
    assert meta
    config = json.loads(meta[1])
    assert not config["allowEval"]
    assert not config["includeIndicatorStyles"]
    first = {
        code: next(rule for rule in config["responseHandling"] if re.fullmatch(rule["code"], code))
        for code in ("409", "412", "422", "500")
    }
    assert {code: rule["swap"] for code, rule in first.items()} == {"409": True, "412": True, "422": True, "500": False}


def test_the_page_of_a_failure_needs_no_context() -> None:
    assert "Nothing was saved by this step." in render_to_string("500.html")
