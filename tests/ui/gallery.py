"""A page with the components that scripts work on, and the addresses it needs; only the browser tests serve it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import URLPattern, URLResolver, include, path

PAGE = """{% extends "base.html" %}{% load i18n static ui %}
{% block header %}<div class="page-head"><h1>Gallery</h1></div>
<div class="card record-card">{% stepper steps %}</div>{% action_bar bar %}{% endblock %}
{% block content %}
<p>{% for state in states %}{% clock state %}{% endfor %}</p>
<table class="records" data-rows><caption>Records</caption><tbody>
{% for name in "abc" %}<tr data-row><td><input type="checkbox" data-select aria-label="{{ name }}"></td>
<td><a href="#{{ name }}" data-open>{{ name }}</a></td></tr>{% endfor %}</tbody></table>
<form method="post" class="card card-pad fields" id="gallery">{% opened_form "gallery" %}{% error_summary form %}
<span data-draft-state></span>
{% lookup form.caller url="/lookup/" %}{% field form.subject %}{% field form.channel %}
{% matrix grid chosen="moderate:high" %}
<button class="btn btn-primary" data-running="Accepting…"><span>Accept</span></button></form>
<a class="btn" href="#ask" data-opens="ask">Withdraw</a>
{% dialog "ask" "Withdraw?" %}<button class="btn" data-closes>Keep</button>{% enddialog %}
{% endblock %}
{% block aside %}{% panel "Deadline" icon="clock" %}x{% endpanel %}{% endblock %}
"""


class CallForm(forms.Form):
    """A caller, a subject and a channel."""

    caller = forms.CharField(required=False)
    subject = forms.CharField(max_length=20)
    channel = forms.ChoiceField(choices=[("phone", "Phone"), ("mail", "E-mail")], widget=forms.RadioSelect)


def gallery(request: HttpRequest) -> HttpResponse:
    """The page; posted, it answers 422 with what is wrong."""
    form = CallForm(request.POST or None)
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"form": form, "frame": frame(), **parts()}, request), status=status)


def lookup(request: HttpRequest) -> HttpResponse:
    """Two contacts, whatever was typed."""
    options = [{"value": "1", "name": "Pan"}, {"value": "2", "name": "Han"}]
    return render(request, "components/lookup_options.html", {"options": options})


def frame() -> SimpleNamespace:
    """Navigation of two pages for somebody."""
    items = [
        {"key": key, "label": label, "url": f"/{key}/", "icon": "inbox", "count": 3, "letter": letter}
        for key, label, letter in [("desk", "Desk", "D"), ("records", "Records", "L")]
    ]
    pages = {"items": items, "reference": [], "places": items, "command_url": ""}
    return SimpleNamespace(**pages, user_name="Liu", user_role="Project manager", unread=2)


def parts() -> dict[str, Any]:
    """What the components on the page show."""
    urgencies = ["high", "medium", "low"]
    impacts = ["severe", "moderate", "minor"]
    columns = [
        {
            "label": impact,
            "cells": [{"value": f"{impact}:{urgency}", "urgency": urgency, "level": 2} for urgency in urgencies],
        }
        for impact in impacts
    ]
    return {
        "steps": [
            {"numeral": "1", "name": "Declared", "state": "done", "url": "#"},
            {"numeral": "2", "name": "Handling", "state": "current", "url": "#"},
        ],
        "bar": {
            "next": {"label": "Start", "url": "#", "clause": "5.4.4", "why": "Consulted"},
            "others": [{"label": "Tell the customer", "url": "#"}, {"label": "Warn", "url": "#", "method": "post"}],
            "blocked": [{"label": "Resolve", "reason": "Write the plan first."}],
        },
        "states": [
            SimpleNamespace(state="soon", words="1 min left", left=61, used=59, fraction=0.49),
            SimpleNamespace(state="paused", words="Paused, 1 min left", left=61, used=59, fraction=0.49),
        ],
        "grid": {"urgencies": [{"label": urgency} for urgency in urgencies], "impacts": columns},
    }


urlpatterns: list[URLPattern | URLResolver] = [
    path("", gallery, name="desk"),
    path("lookup/", lookup),
    path("sign-in/", gallery, name="sign-in"),
    path("form-token/", gallery, name="form-token"),
    path("sign-out/", gallery, name="sign-out"),
    path("language/", include("django.conf.urls.i18n")),
]
