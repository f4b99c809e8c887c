"""The tests. What they import makes many objects and few cycles: the collector looks less often, as in each server."""

import gc

gc.set_threshold(50_000, 10, 10)
