"""The 56 rows: there, in order, under their names, and not applicable where they do not apply."""

from __future__ import annotations

import pytest

from accounts.actors import SYSTEM
from incidents import actions
from incidents.models import State
from ledger.actions import seal
from ledger.queries import sealed_by
from record_form.queries import compose, head_of
from record_form.structure import Conclusion, FoundFault, RecordForm, ReviewSheet
from tests import scenes
from tests.firm import BANK_A, LIU_DESK, SHEN_BANK_A, WANG_DESK, contact
from tests.record_form.reading import words

pytestmark = pytest.mark.django_db

# Written down by hand from the printed form.
SECTIONS = {
    "一": ("申报信息", "5.3 5.4.1", range(1, 16)),
    "二": ("甄别", "5.4.2", range(16, 23)),
    "三": ("分类分级", "5.4.3", range(23, 30)),
    "四": ("处理过程", "5.4.4", range(30, 38)),
    "五": ("升级（问题）", "5.4.5", range(38, 43)),
    "六": ("监控与预警", "5.4.6", range(43, 47)),
    "七": ("完成与客户确认", "5.4.7", range(47, 53)),
    "八": ("归档", "5.4.7", range(53, 54)),
    "九": ("审核", "6", range(54, 57)),
}
LABELS = """
记录单编号
申报渠道
申报（接收）时间
登记时间
客户名称
合同（项目）名称与编号
联系人（职务）
联系方式（电话、邮箱）
其他要求
申报主题
申报内容
附件
受理人
转告人
首次响应时间
是否有效
无效原因
是否在服务范围
申报类型
移交去向
服务请求
甄别人 / 时间
一层 / 二层 / 三层分类
影响程度
紧急程度
优先级
解决时限
是否重复
分类人 / 时间
SLA 约定的处理流程
知识库查询
处理人
解决方案（计划）
处理记录
现场支持
支持人员 / 部门
汇报部门经理
升级触发条件
申请人 / 时间 / 理由
部门负责人决定 / 理由 / 时间
风险控制部会签意见 / 时间
问题单号 / 问题接收人 / 时间
客户沟通记录
预警记录
等待客户
超时原因
原因 / 解决措施与结果 / 彻底或临时
解决时间 / 用时（毛、净） / 是否及时
客户确认
满意度 1–5 / 意见
重新打开
完成人 / 完成时间 / 知识沉淀条目
保管人 / 归档时间
审核人 / 日期 / 逐条结论
发现 / 纠正措施 / 责任人 / 期限 / 验证
台账校验码
""".split("\n")[1:-1]
STATES = [state for state in State if state != State.NEW]


def absent(form: RecordForm) -> set[int]:
    return {row.number for row in form.rows if not row.applies}


def test_the_form_has_its_nine_sections_with_their_clauses(scene):
    form = compose(scene.accepted())
    found = {part.numeral: (part.title.zh, part.clause, [row.number for row in part.rows]) for part in form.sections}
    assert found == {key: (title, clause, list(rows)) for key, (title, clause, rows) in SECTIONS.items()}
    assert list(found) == list(SECTIONS)


def test_the_56_rows_bear_their_names_in_printing_order(scene):
    rows = compose(scene.accepted()).rows
    assert [row.number for row in rows] == list(range(1, 57))
    assert [row.label.zh for row in rows] == LABELS


def test_every_name_has_its_english(scene):
    named = [words for row in compose(scene.accepted()).rows for words in (row.label, row.detail, row.by) if words.zh]
    assert all(each.en and each.en.isprintable() and each.en != each.zh for each in named)


@pytest.mark.parametrize("state", STATES)
def test_a_declaration_in_any_state_has_all_rows_and_survives_freezing(records, state):
    form = compose(records[state])
    assert [row.number for row in form.rows] == list(range(1, 57))
    assert RecordForm.from_data(form.as_data()) == form


@pytest.mark.parametrize("state", [State.INVALID, State.HANDOVER_DONE, State.REQUEST_DONE, State.REQUEST_DECLINED])
def test_what_is_no_incident_has_no_grading_handling_escalation_solution_or_filing(scene, state):
    form = compose(scene.at(state))
    assert set(range(23, 43)) | set(range(44, 54)) <= absent(form)
    # What the caller was told stands there whatever the declaration turned out to be.
    assert form.row(43).applies
    assert not [row.number for row in form.rows if row.is_missing]


def test_a_closed_incident_without_complications_leaves_out_what_did_not_happen(scene):
    assert absent(compose(scene.closed())) == {14, 17, 20, 21, 30, *range(37, 43), 46, 54, 55, 56}


def test_section_1_shows_the_relay_only_of_relayed_calls(scene):
    assert not compose(scene.accepted()).row(14).applies
    assert "郑可心" in words(compose(scene.relayed()), 14)


def test_section_1_names_the_desk_that_answers_for_an_alarm(scene):
    alarm = {"channel": "monitoring", "contact": None, "customer": contact(scene.contact).customer}
    taken_in = actions.accept(scene.call(**alarm, source="录音监控", source_ref="A-1"), actor=SYSTEM)
    form = compose(taken_in)
    assert "系统自动受理，服务台" in words(form, 13)
    assert "来源 录音监控" in words(form, 2)
    assert not form.row(7).is_missing


def test_section_2_shows_the_hand_over_only_of_what_was_handed_over(scene):
    form = compose(scene.handover_done())
    assert form.row(20).applies
    assert "客户不满，要求书面答复" in words(form, 20)
    assert "对方编号 TS-1" in words(form, 20)
    assert not form.row(21).applies


def test_section_2_shows_both_opinions_on_a_service_request(scene):
    shown = words(compose(scene.request_done()), 21)
    for said in ("周末加派两人", "可以提供", "风险可控", "意见一致", "已到岗"):
        assert said in shown


def test_section_2_gives_the_reason_of_an_invalid_one(scene):
    form = compose(scene.invalid())
    assert form.row(17).applies
    assert "[x] 无效" in words(form, 16)


def test_section_3_ticks_the_grades_and_names_the_source_of_the_time(scene):
    form = compose(scene.classified("severe", "medium"))
    assert "[x] 严重" in words(form, 24)
    assert "[x] 中" in words(form, 25)
    assert "影响范围已核实" in words(form, 25)
    assert "[x] 二级" in words(form, 26)
    assert form.row(27).applies


def test_section_3_tells_of_each_regrading(scene):
    again = actions.Grading("BIZ-01", "severe", "high", basis="范围扩大")
    regraded = scene.do(actions.reclassify, scene.classified(), scene.desk, grading=again, reason="又有两家网点")
    assert "由 三级 至 一级 又有两家网点" in words(compose(regraded), 29)


def test_section_4_asks_for_the_contract_notes_only_where_there_are_some(scene):
    assert not compose(scene.classified()).row(30).applies
    with_notes = type(scene)(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
    form = compose(with_notes.looked_up())
    assert "[x] 已阅确认" in words(form, 30)


def test_section_4_prints_what_the_desk_found_in_the_knowledge_base(scene):
    assert "KB-002《账单封装漏装、错装的补寄与批次复核》V1.0" in words(compose(scene.looked_up()), 31)


def test_section_5_follows_an_escalation_through_to_the_problem(scene):
    form = compose(scene.countersigned())
    assert "[x]" in words(form, 38)
    assert "影响严重" in words(form, 39)
    assert "[x] 同意 [ ] 不同意 须查根因" in words(form, 40)
    assert "[x] 同意" in words(form, 41)
    assert form.row(42).is_missing, "problem management has not signed for it yet"


def test_section_5_waits_for_the_decision_while_there_is_none(scene):
    form = compose(scene.requested())
    assert [number for number in range(38, 43) if form.row(number).is_missing] == [40, 41]


def test_section_6_shows_waiting_and_contacts(scene):
    form = compose(scene.waiting())
    assert "批次号" in words(form, 45)
    assert "不停表" in words(form, 45)
    assert form.row(43).cells
    assert form.row(46).state == "absent"


def test_section_6_asks_for_the_cause_of_a_miss(scene, clock):
    declaration = scene.in_progress()
    clock.set(declaration.due_at)
    assert compose(declaration).row(46).is_missing


def test_section_7_shows_gross_and_net_time(scene, clock):
    declaration = scene.handled()
    clock.advance(hours=3, minutes=28)
    solved = scene.do(actions.resolve, declaration, scene.desk, **scene.solution())
    assert "毛用时 3 小时 28 分 净用时 3 小时 28 分 [x] 及时" in words(compose(solved), 48)


def test_section_7_counts_rejections(scene):
    rejected = scene.do(actions.reject, scene.resolved(), scene.desk, reason="仍有两户漏装", way="phone")
    assert "次数 1" in words(compose(rejected), 51)
    assert "仍有两户漏装" in words(compose(rejected), 51)


def test_section_8_is_open_until_the_custodian_files(scene):
    assert compose(scene.closed()).row(53).is_missing
    assert "纸质原件 一部档案柜 A-01" in words(compose(scene.filed()), 53)


def test_section_9_is_what_the_caller_gives(scene):
    review = ReviewSheet(
        reviewer="冯持衡",
        at="2026-11-24T02:00:00+00:00",
        conclusions=[Conclusion("5.4.3", "not_met", "依据过简"), Conclusion("5.4.5", "not_applicable")],
        findings=[FoundFault("5.4.3", "依据过简", action="补充培训", owner="王晓舟", due_on="2026-12-01")],
    )
    declaration = scene.closed()
    form = compose(declaration, review=review, ledger_head=head_of(declaration))
    assert "冯持衡" in words(form, 54)
    assert "5.4.3 不符合" in words(form, 54)
    assert "5.4.5 不适用" in words(form, 54)
    assert "2026-12-01" in words(form, 55)
    assert head_of(declaration).hash in words(form, 56)


def test_the_check_code_names_the_checkpoint_once_there_is_one(scene):
    declaration = scene.closed()
    assert "checkpoint" not in words(compose(declaration, ledger_head=head_of(declaration)), 56)
    seal()
    made = sealed_by(declaration.stream, 1)
    row = words(compose(declaration, ledger_head=head_of(declaration)), 56)
    assert f"封存点 {made.number}" in row
    assert made.root in row


def test_a_withdrawn_one_waits_for_nothing_any_more(scene):
    assert not [row.number for row in compose(scene.withdrawn()).rows if row.is_missing]


def test_the_number_of_statements_does_not_grow_with_the_record(scene, count_queries):
    small, large = scene.handled(), scene.handled()
    for number in range(12):
        scene.do(actions.log_handling, large, scene.desk, what=f"第 {number} 步", result="完成")
        scene.do(actions.communicate, large, scene.desk, way="phone", text=f"第 {number} 次告知")
    compose(small)
    assert count_queries(lambda: compose(small)) == count_queries(lambda: compose(large)) <= 21


def test_the_fullest_record_takes_at_most_21_statements(scene, count_queries):
    declaration = scene.countersigned()
    declaration = scene.do(actions.report_up, declaration, scene.desk, reason="无法独立处理", desk_cannot_solve=True)
    declaration = scene.do(actions.resolve, declaration, scene.desk, **scene.solution())
    declaration = scene.do(actions.reject, declaration, scene.desk, reason="未好", way="phone")
    assert count_queries(lambda: compose(declaration)) <= 21


def test_a_report_that_was_never_answered_prints_why_it_was_solved_all_the_same(scene: scenes.Scene) -> None:
    declaration = scene.handled("severe", "high")
    declaration = scene.do(actions.report_up, declaration, LIU_DESK, reason="需协调产线", desk_cannot_solve=True)
    unanswered = {"unanswered_report_reason": "多次致电未接通"}
    resolved = scene.do(actions.resolve, declaration, LIU_DESK, **scene.solution(), **unanswered)
    assert "服务台无法独立处理" in words(compose(resolved), 37)
    assert "未获答复即解决的原因 多次致电未接通" in words(compose(resolved), 37)


def test_a_letter_without_a_file_prints_why(scene):
    paper = {"channel": "letter", "pages": 2, "received_on": scenes.MONDAY.date()}
    declaration = scene.accepted(**paper, no_file_reason="原件由客户存档")
    form = compose(declaration)
    assert words(form, 12) == "页数 2 收到日期 2026-11-23 | 无文件，原因 原件由客户存档"
    assert form.row(12).is_missing is False
