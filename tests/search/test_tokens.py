from __future__ import annotations

import pytest

from search import tokens


def found(query: str, text: str) -> bool:
    """Whether every token of the query is among those of the text, a trailing star standing for any ending."""
    indexed = tokens.index_tokens(text)
    wanted = tokens.query_tokens(query)
    return bool(wanted) and all(
        any(token.startswith(want[:-1]) for token in indexed) if want.endswith("*") else want in indexed
        for want in wanted
    )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("卡", "打印机卡纸"),
        ("印机卡", "打印机卡纸"),
        ("ＡＴＭ－０３１２", "编号ATM-0312吞卡"),
        ("會議室", "会议室投影"),
        ("会议室", "會議室投影"),
        ("OT费用", "上月ot费用未结"),
        ("sd-20261122", "见 SD-20261122-001"),
        ("20261122-00", "见 SD-20261122-001"),
        ("20261012", "工单WD20261012"),
        ("print", "Printer offline"),
        ("138 0000 0021", "电话13800000021"),
        ("+86 139 0001 0034", "电话 139-0001-0034"),
        ("86-13900010523", "13900010523"),
        ("1390001", "13900010523"),
        ("13900010034 13800000021", "13800000021，或 13900010034"),
        ("𠮷野", "客户𠮷野家"),
        ("打印机 脱机", "脱机的打印机"),
        ("ab 12", "12 ab"),
        ("积压", "业务量积\n压严重"),
        ("积压", "业务量积\u200b压严\u00ad重"),
        ("积压", "业 务 量 积 压"),
        ("积\u200b压", "业务量积压"),
        ("买买提·吐尔逊", "联系人买买提吐尔逊来电"),
        ("吐尔逊", "联系人买买提・吐尔逊来电"),
        ("乾", "乾隆"),
        ("013900010523", "回电 13900010523"),
        ("9,13900010523", "回电 139 0001 0523"),
        ("010-00000101转8", "总机 010-00000101"),
        ("86 10 00000101", "总机 010-0000-0101"),
    ],
)
def test_a_query_finds_the_text_that_contains_it(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("纸卡", "打印机卡纸"),
        ("13900010999", "13900010523 13900010034"),
        ("atm-0312", "ATM 编号 0312"),
        ("sd-20261122-001", "SD-20261122-002"),
        ("打印机 缺纸", "脱机的打印机"),
    ],
)
def test_a_query_does_not_find_a_text_without_it(query: str, text: str) -> None:
    assert not found(query, text)


@pytest.mark.parametrize("text", ["", "   ", "'\"&|!():*%_\\", "，。；？", "\x00\u202e"])
def test_text_without_letters_or_digits_has_no_tokens(text: str) -> None:
    assert tokens.query_tokens(text) == []
    assert tokens.index_tokens(text) == set()


def test_tokens_hold_nothing_that_a_query_language_knows() -> None:
    hostile = "a' | 'b \"c\" (d) e:* f&g !h \\i -j --k OR NEAR(x) 1-2 中'文 é_ü"
    for token in tokens.index_tokens(hostile) | set(tokens.query_tokens(hostile)):
        assert token.removesuffix("*").replace("-", "").isalnum()


def test_the_cost_of_a_long_query_is_bounded() -> None:
    assert len(tokens.query_tokens("长" * 100_000 + "文字" * 100_000)) <= tokens.QUERY_LIMIT
    assert len(tokens.subject_tokens("".join(map(chr, range(0x4E00, 0x9000))), 64)) == 64


def test_words_of_grammar_say_nothing_of_the_subject() -> None:
    assert tokens.subject_tokens("我们的打印机", 10) == ["的打", "打印", "印机"]
    assert tokens.subject_characters("我们的打印机", 10) == ["打", "印", "机"]
