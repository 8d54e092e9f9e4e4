"""The controlled document as a page, and the figure that follows the state machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from django.test import Client
from django.urls import reverse

from base.clock import set_clock
from desk.procedure.flow_figure import BOX_HEIGHT, BOX_WIDTH, Arrow, collapsed, figure
from desk.procedure.views import arrows, flow
from incidents.models import State, moves
from procedure.models import OfficialText, ProcedureVersion
from procedure.queries import in_force, rules
from tests import scenes
from tests.firm import CHEN_HEAD, FENG_AUDITOR, HE_RISK, LIU_DESK, XU_SALES, ZHENG_CUSTODIAN, client_of, person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(firm: None) -> Iterator[Client]:
    with set_clock(scenes.MONDAY):
        client = client_of(LIU_DESK)
        yield client


def shown(client: Client, **query: str) -> str:
    answer = client.get(reverse("procedure"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("number", [CHEN_HEAD, LIU_DESK, ZHENG_CUSTODIAN, HE_RISK, FENG_AUDITOR, XU_SALES])
def test_all_staff_read_it_and_strangers_do_not(firm, number):
    with set_clock(scenes.MONDAY):
        client = Client()
        assert client.get(reverse("procedure")).status_code == 302
        sign_in(client, person(number))
        assert client.get(reverse("procedure")).status_code == 200


def test_it_begins_with_the_header_of_the_document(reader):
    page = shown(reader)
    for part in ("***-ITSM-2010-2011", "V2.0", "受控", "内部", "2012-03-08", "2012-03-10"):
        assert part in page


def test_todays_holders_stand_in_the_table_of_duties(reader):
    page = shown(reader)
    for number in (LIU_DESK, CHEN_HEAD, HE_RISK, FENG_AUDITOR):
        assert person(number).name in page


def test_every_parameter_stands_with_its_basis_and_clause(reader):
    answer = reader.get(reverse("procedure"))
    listed = [one for one, _value, _unit, _basis in answer.context["parameters"]]
    assert listed == list(rules(in_force(scenes.MONDAY.date()).pk).parameters.values())
    words = {str(word) for word, _tone, _icon in answer.context["bases"]}
    assert {str(basis[0]) for _one, _value, _unit, basis in answer.context["parameters"]} <= words


def test_spans_are_put_into_words(reader):
    values = {one.key: value for one, value, _unit, _basis in reader.get(reverse("procedure")).context["parameters"]}
    assert "Phone 5 minutes" in values["response_target"]
    assert values["major_used"] == "yes"


def test_matrix_leaves_and_the_contradiction_of_clause_9_are_there(reader):
    page = shown(reader)
    assert len(re.findall(r'class="level level-\d"', page)) == 9
    assert page.count("BIZ-0") == 5
    assert "The document contradicts itself here" in page


def test_the_official_text_shows_once_it_is_imported(reader):
    assert "Official text" not in shown(reader)
    version = ProcedureVersion.objects.get()
    OfficialText.objects.create(
        procedure=version, kind="clause", key="5.4.1", text="原文", source_digest="0" * 64, imported_at=scenes.MONDAY
    )
    assert "原文" in shown(reader)


@pytest.mark.parametrize("version", ["0", "x", "99999999999999999999"])
def test_an_unknown_version_shows_the_one_in_force(reader, version):
    assert "V2.0" in shown(reader, version=version)


def test_no_inline_style_or_script(reader):
    page = shown(reader)
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_the_figure_draws_every_state_and_every_move_that_changes_it(firm):
    drawn = flow(arrows())
    assert {box.state for box in drawn.boxes} == {str(state) for state in State}
    changing = {str(move.label) for move in moves().values() if move.target or move.verb == "receive_handover"}
    assert {path.arrow.label for path in drawn.paths} == changing
    assert all(path.arrow.clause for path in drawn.paths)


def test_every_arrow_names_the_clause_of_its_move(firm):
    clauses = {str(move.label): move.clause for move in moves().values()}
    assert all(arrow.clause == clauses[arrow.label] for arrow in arrows())


def test_the_figure_is_the_same_every_time(firm):
    assert flow(arrows()) == flow(arrows())


def test_no_box_covers_another_and_all_lie_inside(firm):
    drawn = flow(arrows())
    for one, other in combinations(drawn.boxes, 2):
        apart = abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
        assert apart, (one.state, other.state)
    for box in drawn.boxes:
        assert 0 <= box.x <= drawn.width - BOX_WIDTH
        assert 0 <= box.y <= drawn.height - BOX_HEIGHT


def test_long_words_of_a_box_take_two_lines_and_chinese_stays_on_one():
    drawn = figure({"a": "Service request under review", "b": "服务请求待定"}, [Arrow("a", "b", "1", "1", "ab")], "a")
    assert [[words for _y, words in box.lines] for box in drawn.boxes] == [
        ["Service request", "under review"],
        ["服务请求待定"],
    ]


def test_ends_are_marked(firm):
    ends = {box.state for box in flow(arrows()).boxes if box.ends}
    assert ends == {"invalid", "request_declined", "request_done", "handover_done", "withdrawn", "filed"}


def test_a_verb_from_many_states_becomes_one_arrow():
    many = [Arrow(source, "out", "T9", "1", "leave") for source in "abcd"]
    assert collapsed([*many, Arrow("a", "b", "T1", "1", "go")]) == [
        Arrow("", "out", "T9", "1", "leave"),
        Arrow("a", "b", "T1", "1", "go"),
    ]


def test_a_way_back_runs_beside_and_a_branch_to_the_right():
    drawn = figure(
        {"a": "A", "b": "B", "c": "C", "d": "D"},
        [
            Arrow("a", "b", "1", "1", "ab"),
            Arrow("b", "c", "2", "1", "bc"),
            Arrow("a", "d", "3", "1", "ad"),
            Arrow("c", "a", "4", "1", "ca"),
        ],
        "a",
    )
    at = {box.state: (box.x, box.y) for box in drawn.boxes}
    assert at["a"][0] == at["b"][0] == at["c"][0] < at["d"][0]
    assert at["a"][1] < at["b"][1] == at["d"][1] < at["c"][1]


def test_parameters_are_said_in_words(reader: Client) -> None:
    page = reader.get(reverse("procedure"), headers={"accept-language": "zh-hans"}).content.decode()
    table = page.split('id="parameters"', 1)[1].split("</section>", 1)[0]
    values = re.findall(r"</th>\s*<td>(.*?)</td>", table, re.DOTALL)
    assert values
    assert [value for value in values if re.search(r"[a-z]{4}|0、1、2", value)] == []
