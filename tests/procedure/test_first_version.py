"""Version 2.0 as data: what the paper says, what we read into it, what we added."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Department, Role
from base.clock import now
from ledger.models import Entry
from ledger.signature import Signature
from procedure.actions import FIRST_VERSION, adopt_first_version
from procedure.models import Basis, ChangeRow, Parameter, ProcedureVersion, State
from procedure.queries import NoProcedure, changes, in_force, references, rules

pytestmark = pytest.mark.django_db
SYSTEM = Signature("system", "system", "system")
LEVELS = {
    ("severe", "high"): 1,
    ("severe", "medium"): 2,
    ("severe", "low"): 3,
    ("moderate", "high"): 2,
    ("moderate", "medium"): 3,
    ("moderate", "low"): 4,
    ("minor", "high"): 4,
    ("minor", "medium"): 4,
    ("minor", "low"): 4,
}


def test_a_fresh_database_has_it_in_force_with_the_header_of_the_paper(version):
    header = rules(version.pk).header
    assert version.state == State.IN_FORCE
    assert (str(header.title), header.number, header.version_label) == (
        "Incident management procedure",
        "***-ITSM-2010-2011",
        "V2.0",
    )
    assert (header.title.zh, header.controlled_status, header.confidentiality, header.issuer) == (
        "事件管理程序",
        "受控",
        "内部",
        "***公司",
    )
    assert (header.issued_on, header.effective_on) == (date(2012, 3, 8), date(2012, 3, 10))


def test_its_change_row_is_dated_by_the_import_and_not_by_the_paper(version):
    (row,) = changes(version.pk)
    assert row.authored_on == Entry.objects.get(stream=version.stream).at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert row.authored_on.year > 2012
    assert row.author_name == row.approver_name == ""


def test_adopting_again_changes_nothing(version):
    assert adopt_first_version(SYSTEM) == version
    assert Entry.objects.filter(stream=version.stream).count() == 1


def test_it_holds_from_its_effective_date(version):
    assert in_force(date(2012, 3, 10)) == in_force(now().date()) == version
    with pytest.raises(NoProcedure):
        in_force(date(2012, 3, 9))


def test_the_nine_cells_give_the_levels(version):
    found = rules(version.pk)
    assert found.matrix == LEVELS
    assert found.priority("moderate", "low") == 4


def test_each_level_has_its_time(version):
    found = rules(version.pk)
    assert [found.target(level) for level in (1, 2, 3, 4)] == [
        {"value": 24, "unit": "hour", "clock": "natural"},
        {"value": 72, "unit": "hour", "clock": "natural"},
        {"value": 1, "unit": "calendar_month", "clock": "natural"},
        {"value": 4, "unit": "hour", "clock": "working"},
    ]
    assert found.levels[4].display.zh == "即时处理"


@pytest.mark.parametrize(
    ("channel", "minutes", "clock"),
    [
        ("phone", 5, "natural"),
        ("monitoring", 15, "natural"),
        ("maintenance", 15, "natural"),
        ("email", 30, "working"),
        ("other", 30, "working"),
        ("letter", 240, "working"),
        ("fax", 240, "working"),
    ],
)
def test_each_channel_has_its_time_for_the_first_response(version, channel, minutes, clock):
    assert rules(version.pk).response_target(channel) == {"value": minutes, "unit": "minute", "clock": clock}


def test_there_are_thirteen_leaves_in_three_branches_and_no_other(version):
    leaves = rules(version.pk).leaves
    branches = [leaf.path[1].zh for leaf in leaves.values()]
    assert [branches.count(name) for name in ("人员", "业务", "设备")] == [5, 5, 3]
    assert len(leaves) == 13
    assert str(leaves["BIZ-04"].name) == "Work backlog"
    with pytest.raises(KeyError):
        rules(version.pk).leaf("OTHER")


def test_the_printed_table_gives_every_activity_its_roles(version):
    printed = {duty.activity.zh: duty.roles for duty in rules(version.pk).duties if duty.basis == Basis.TEXT}
    desk, both = ("service_desk",), ("department_head", "risk_control")
    assert printed == {
        "申报受理": desk,
        "申报甄别": desk,
        "事件分类分级": desk,
        "事件处理": desk,
        "服务请求处理": both,
        "事件升级": both,
        "服务监控": desk,
    }


def test_the_three_named_documents_are_registered_against_the_clause_that_names_none(version):
    assert [row.title for row in references(version.pk)] == [
        "《业务关系管理过程文件》",
        "信息安全事件处理流程",
        "《问题管理过程文件》",
    ]


def test_every_parameter_names_a_clause_of_the_version_and_is_explained_in_both_languages(version):
    found = rules(version.pk)
    assert found.parameter("repeat_threshold") == 3
    assert found.parameters["reopen_days"].basis == Basis.ADDED
    for setting in found.parameters.values():
        assert setting.clause in found.clauses, setting.key
        assert setting.explanation.zh, setting.key
        assert setting.explanation.en, setting.key
        assert setting.basis != Basis.TEXT, f"{setting.key}: the paper gives no parameter"


def test_everything_that_a_person_reads_has_both_languages(version):
    found = rules(version.pk)
    explained = [*found.clauses.values(), *found.terms, *found.leaves.values(), *found.levels.values()]
    explained += [*found.impacts.values(), *found.urgencies.values()]
    assert all(one.explanation.zh and one.explanation.en for one in explained)


def test_rules_are_read_once(version, count_queries):
    assert count_queries(lambda: rules(version.pk)) == 10
    assert count_queries(lambda: rules(version.pk)) == 0
    assert count_queries(lambda: in_force(date(2026, 1, 1))) == 1


def test_a_draft_is_read_anew_each_time(version):
    draft = ProcedureVersion.objects.create(
        title="x", number="x", version_label="V3.0", issued_on="2027-01-01", effective_on="2027-01-02"
    )
    assert rules(draft.pk).parameters == {}
    Parameter.objects.create(procedure=draft, key="k", name="k", name_en="k", value=1, clause="6", order=1)
    assert rules(draft.pk).parameter("k") == 1


def test_the_rows_of_a_version_in_force_stand_still(version):
    for write in (
        lambda: version.parameter_rows.update(value=99),
        lambda: version.matrixcell_rows.update(priority=1),
        lambda: version.clause_rows.filter(number="6").delete(),
        lambda: ChangeRow.objects.create(procedure=version, order=2, version_label="V2.0", content="slipped in"),
        lambda: ProcedureVersion.objects.filter(pk=version.pk).update(effective_on="2020-01-01"),
        lambda: ProcedureVersion.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_nobody_approves_what_he_wrote(version, django_user_model):
    unit = Department.objects.create(code="D9", name="D9")
    writer = django_user_model.objects.create(username="w", employee_number="w", name="w", department=unit)
    for column in ("approver", "reviewer"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProcedureVersion.objects.create(
                title="x",
                number="x",
                version_label="V3.0",
                issued_on="2027-01-01",
                effective_on="2027-01-02",
                author=writer,
                **{column: writer},
            )


def test_a_later_version_does_not_stand_without_approval_nor_beside_another_in_force(version):
    later = {"title": "x", "number": "x", "issued_on": "2027-01-01", "effective_on": "2027-01-02"}
    for label, state in (("V3.0", State.APPROVED), ("V3.1", State.IN_FORCE)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProcedureVersion.objects.create(**later, version_label=label, state=state, predecessor=version)


def test_an_older_record_keeps_the_version_of_its_day(version):
    ProcedureVersion.objects.create(
        title="x", number="x", version_label="V3.0", issued_on="2027-01-01", effective_on="2027-01-02"
    )
    assert in_force(date(2028, 1, 1)) == version, "a draft is not in force"


def test_the_data_file_names_no_clause_or_role_that_is_unknown():
    data = json.loads(FIRST_VERSION.read_text(encoding="utf-8"))
    clauses = {row["number"] for row in data["clauses"]}
    for row in [*data["responsibilities"], *data["references"], *data["parameters"]]:
        assert row["clause"] in clauses
    for row in data["responsibilities"]:
        assert set(row["roles"]) <= set(Role.values)


def test_the_desk_goes_by_every_parameter_that_it_shows():
    packages = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    code = "".join(path.read_text(encoding="utf-8") for package in packages for path in package.rglob("*.py"))
    keys = [row["key"] for row in json.loads(FIRST_VERSION.read_text(encoding="utf-8"))["parameters"]]
    assert {key for key in keys if f'"{key}"' not in code} == set()
