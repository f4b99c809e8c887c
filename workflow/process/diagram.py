"""A drawing of a process as plain shapes: stages in a column, steps as lines, for a page without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.process.definitions import Definition

WIDTH, BOX, HIGH, GAP, TOP, LEFT = 640, 300, 44, 48, 12, 40


@dataclass(frozen=True)
class Box:
    """A stage: its words, where it stands, and whether the visit is there or past it."""

    title: str
    y: int
    here: bool
    past: bool


@dataclass(frozen=True)
class Line:
    """A step: its words, its path, and where the words stand."""

    title: str
    path: str
    x: int
    y: int
    back: bool


@dataclass(frozen=True)
class Drawing:
    """A whole drawing."""

    width: int
    height: int
    boxes: Sequence[Box]
    lines: Sequence[Line]


def lay_out(definition: Definition, current: str | None, language: str) -> Drawing:
    """Place stages from top to bottom; steps to the next stage run straight down, others on the right side."""
    at = {stage.key: TOP + number * (HIGH + GAP) for number, stage in enumerate(definition.stages)}
    here = definition.position(current) if current is not None else -1
    boxes = [
        Box(stage.title.in_language(language), at[stage.key], stage.key == current, number < here)
        for number, stage in enumerate(definition.stages)
    ]
    lines, aside = [], 0
    for step in definition.steps:
        for name in step.from_:
            start, end = at[name], at[step.to]
            title = step.title.in_language(language)
            if end - start == HIGH + GAP:
                x = LEFT + BOX // 2
                middle = start + HIGH + GAP // 2 + 5
                lines.append(Line(title, f"M{x} {start + HIGH} V{end - 8}", x + 12, middle, step.back))
            else:
                x = LEFT + BOX + 22 + 22 * (aside % 3)
                aside += 1
                path = f"M{LEFT + BOX} {start + HIGH // 2 + 8} H{x} V{end + HIGH // 2 - 8} H{LEFT + BOX + 8}"
                lines.append(Line(title, path, x + 8, (start + end) // 2 + HIGH // 2 + 5, step.back))
    return Drawing(WIDTH, TOP * 2 + len(boxes) * (HIGH + GAP) - GAP, boxes, lines)
