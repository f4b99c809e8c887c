"""Delegations: the Flask application and everything it knows."""

import gc

# A start makes some 400 000 objects that live as long as the process, a page or a list of five thousand rows many more,
# and hardly any is part of a cycle: looking for cycles every 700 objects took a fifth of both.
gc.set_threshold(50_000, 10, 10)
