"""Protection of people's data: who looked at what, how long what is kept, one person's copy, one person's erasure."""
