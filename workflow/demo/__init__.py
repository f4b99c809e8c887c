"""The demo: a real department's published history, invented people, and visits relative to today."""
