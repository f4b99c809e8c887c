"""Delegations: the Flask application and everything it knows."""

import gc

# A start makes some 400 000 objects that live as long as the process, a list of five thousand rows many more, and
# hardly any is part of a cycle: looking for cycles every 700 objects took a fifth of both. A server begins to look
# more often once it has started: see `cli/serving.py`.
gc.set_threshold(50_000, 10, 10)
