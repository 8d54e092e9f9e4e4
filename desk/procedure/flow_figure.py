"""The figure of clause 5.1, laid out from the live state machine (R-5.1-1, A-32): pure, and the same every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BOX_WIDTH, BOX_HEIGHT = 124, 40
ROW, GAP, LANE, MARGIN = 92, 64, 56, 16
# A verb that leaves from more states than this is drawn as one arrow out of the margin.
FEW_SOURCES = 3
# Signs of Latin script that fit on one line of a box.
LONGEST = 16


@dataclass(frozen=True)
class Arrow:
    """A move that changes the state; `source` is empty for one that leaves from many states."""

    source: str
    target: str
    name: str
    clause: str
    label: str


@dataclass(frozen=True)
class Box:
    """A state with the left upper corner of its box."""

    state: str
    label: str
    x: int
    y: int
    ends: bool

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + BOX_WIDTH // 2, self.y + BOX_HEIGHT // 2

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The word in one line or, where it is long, in two, each with its height; it breaks only at a space."""
        y = self.middle[1]
        if len(self.label) <= LONGEST or " " not in self.label:
            return [(y, self.label)]
        spaces = [place for place, sign in enumerate(self.label) if sign == " "]
        cut = min(spaces, key=lambda place: abs(2 * place - len(self.label)))
        return [(y - 8, self.label[:cut]), (y + 8, self.label[cut + 1 :])]


@dataclass(frozen=True)
class Path:
    """An arrow as the points of an SVG polyline, with the place of its label."""

    arrow: Arrow
    points: str
    x: int
    y: int
    anchor: str = "start"


@dataclass(frozen=True)
class Figure:
    """Boxes and arrows, and the size of it all."""

    width: int
    height: int
    boxes: list[Box]
    paths: list[Path]


def collapsed(arrows: Iterable[Arrow]) -> list[Arrow]:
    """The arrows with those of one verb that leaves from many states made one without source."""
    all_arrows = list(arrows)
    sources: dict[tuple[str, str], set[str]] = {}
    for arrow in all_arrows:
        sources.setdefault((arrow.label, arrow.target), set()).add(arrow.source)
    merged = (
        Arrow("" if len(sources[one.label, one.target]) > FEW_SOURCES else one.source, *_rest(one))
        for one in all_arrows
    )
    return list(dict.fromkeys(merged))


def _rest(arrow: Arrow) -> tuple[str, str, str, str]:
    return arrow.target, arrow.name, arrow.clause, arrow.label


def figure(states: Mapping[str, str], arrows: Iterable[Arrow], start: str) -> Figure:
    """Lay out the states (value → word) below each other by their longest way from `start`, branches to the right."""
    drawn = collapsed(arrows)
    ranks = _ranks(drawn, start)
    for arrow in drawn:
        ranks.setdefault(arrow.target, 2)
    columns = _columns(drawn, ranks, start)
    lanes = _lanes(drawn, ranks, columns)
    lefts = _lefts(columns, lanes)
    outgoing = {arrow.source for arrow in drawn}
    boxes = {
        state: Box(state, word, lefts[columns[state]], MARGIN + ranks[state] * ROW, state not in outgoing)
        for state, word in states.items()
        if state in ranks
    }
    paths = [_path(arrow, boxes, lanes.get(arrow)) for arrow in drawn]
    return Figure(
        width=max(box.x for box in boxes.values()) + BOX_WIDTH + GAP + MARGIN,
        height=max(box.y for box in boxes.values()) + BOX_HEIGHT + MARGIN,
        boxes=list(boxes.values()),
        paths=paths,
    )


def _ranks(arrows: list[Arrow], start: str) -> dict[str, int]:
    """The longest way to each state that never comes back to a state it passed, found depth first."""
    ranks: dict[str, int] = {}
    backwards = _backwards(arrows, start)

    def walk(state: str, rank: int) -> None:
        if ranks.get(state, -1) >= rank:
            return
        ranks[state] = rank
        for arrow in arrows:
            if arrow.source == state and arrow not in backwards and arrow.target != state:
                walk(arrow.target, rank + 1)

    walk(start, 0)
    return ranks


def _backwards(arrows: list[Arrow], start: str) -> set[Arrow]:
    found: set[Arrow] = set()
    done: set[str] = set()

    def walk(state: str, way: tuple[str, ...]) -> None:
        for arrow in arrows:
            if arrow.source == state and arrow.target in way:
                found.add(arrow)
            elif arrow.source == state and arrow.target not in done:
                walk(arrow.target, (*way, arrow.target))
        done.add(state)

    walk(start, (start,))
    return found


def _columns(arrows: list[Arrow], ranks: dict[str, int], start: str) -> dict[str, int]:
    """The deepest branch of each state goes straight on, the others get columns of their own to the right."""
    children: dict[str, list[str]] = {}
    for state in sorted(ranks, key=lambda one: ranks[one]):
        parents = [one.source for one in arrows if one.target == state and ranks.get(one.source, 99) < ranks[state]]
        if parents:
            children.setdefault(max(parents, key=lambda one: ranks[one]), []).append(state)

    def depth(state: str) -> int:
        return 1 + max((depth(child) for child in children.get(state, [])), default=0)

    columns: dict[str, int] = {}

    def place(state: str, column: int) -> int:
        """The first column to the right that is free."""
        columns[state] = column
        free = column
        for child in sorted(children.get(state, []), key=depth, reverse=True):
            free = place(child, free)
        return max(free, column + 1)

    free = place(start, 0)
    for state in ranks:
        if state not in columns:
            free = place(state, free)
    return columns


def _lanes(arrows: list[Arrow], ranks: dict[str, int], columns: dict[str, int]) -> dict[Arrow, int]:
    """Lanes beside a column for arrows that pass a box: -1, -2 … to the left downwards, 1, 2 … to the right upwards."""
    lanes: dict[Arrow, int] = {}
    for side in (-1, 1):
        taken: list[tuple[int, int, int, int]] = []
        beside = [one for one in arrows if one.source and _side(one, ranks, columns) == side]
        for arrow in sorted(beside, key=lambda one: abs(ranks[one.source] - ranks[one.target])):
            low, high = sorted((ranks[arrow.source], ranks[arrow.target]))
            column, lane = columns[arrow.source], 1
            while any(c == column and n == lane and low <= h and lo <= high for c, n, lo, h in taken):
                lane += 1
            taken.append((column, lane, low, high))
            lanes[arrow] = side * lane
    return lanes


def _side(arrow: Arrow, ranks: dict[str, int], columns: dict[str, int]) -> int:
    if columns[arrow.source] != columns[arrow.target]:
        return 0
    steps = ranks[arrow.target] - ranks[arrow.source]
    return 1 if steps <= 0 else -1 if steps > 1 else 0


def _lefts(columns: dict[str, int], lanes: dict[Arrow, int]) -> list[int]:
    """The left edge of each column, with room for the lanes beside it."""
    lefts, x = [], MARGIN
    for column in range(max(columns.values()) + 1):
        here = [lane for arrow, lane in lanes.items() if columns[arrow.source] == column]
        x += LANE * -min([*here, 0])
        lefts.append(x)
        x += BOX_WIDTH + GAP + LANE * max([*here, 0])
    return lefts


def _path(arrow: Arrow, boxes: Mapping[str, Box], lane: int | None) -> Path:
    target = boxes[arrow.target]
    if not arrow.source:
        # Beside the middle, where an arrow from a branch may come in.
        y = target.middle[1] - 12
        end = target.x + BOX_WIDTH
        return _drawn(arrow, [(end + GAP - 8, y), (end, y)], end + 12, y - 18)
    source = boxes[arrow.source]
    if lane is not None:
        return _beside(arrow, source, target, lane)
    (x1, _y1), (x2, y2) = source.middle, target.middle
    if target.y > source.y:
        turn = target.y - ROW // 2 + 8
        points = [(x1, source.y + BOX_HEIGHT), (x1, turn), (x2, turn), (x2, target.y)]
        return _drawn(arrow, points, x2 + 6, turn + 12)
    x1 += BOX_WIDTH // 2 - 10
    return _drawn(arrow, [(x1, source.y), (x1, y2), (target.x + BOX_WIDTH, y2)], x1 + 6, source.y - 30)


def _beside(arrow: Arrow, source: Box, target: Box, lane: int) -> Path:
    edge = source.x if lane < 0 else source.x + BOX_WIDTH
    x = edge + lane * LANE + (24 if lane < 0 else -36)
    # Several arrows end at one box: each a little apart.
    y1, y2 = source.middle[1] + 5 * abs(lane) - 8, target.middle[1] - 5 * abs(lane) + 8
    if source is target:
        y1, y2 = source.y + 5, source.y + BOX_HEIGHT // 2
    points = [(edge, y1), (x, y1), (x, y2), (edge, y2)]
    if lane < 0:
        return _drawn(arrow, points, x - 5, (y1 + y2) // 2 - 2, "end")
    return _drawn(arrow, points, x + 5, (y1 + y2) // 2 - 4)


def _drawn(arrow: Arrow, points: list[tuple[int, int]], x: int, y: int, anchor: str = "start") -> Path:
    return Path(arrow, " ".join(f"{a},{b}" for a, b in points), x, y, anchor)
