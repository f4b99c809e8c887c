"""How one text becomes another: `difflib`, held to texts that it can compare in time."""

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

MOST = 2000
"""Lines, blocks or words of both together; a programme of twelve pages in two versions has half of that."""

Step = tuple[str, int, int, int, int]


def steps(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Step]:
    """Say what stays, goes and comes, as `SequenceMatcher.get_opcodes` does; of very long ones what stays at both ends.

    A few thousand lines that are all alike, such as empty ones, would take it hours.
    """
    if len(before) + len(after) <= MOST:
        return list(SequenceMatcher(None, before, after).get_opcodes())
    most = min(len(before), len(after))
    head = next((at for at in range(most) if before[at] != after[at]), most)
    tail = next((at for at in range(most - head) if before[-1 - at] != after[-1 - at]), most - head)
    old, new = len(before) - tail, len(after) - tail
    middle = "insert" if old == head else "delete" if new == head else "replace"
    found = [("equal", 0, head, 0, head), (middle, head, old, head, new),
             ("equal", old, len(before), new, len(after))]  # fmt: skip
    return [step for step in found if step[2] > step[1] or step[4] > step[3]]
