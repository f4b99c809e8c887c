"""Interpreting in depth: needs, teams, rest between items. Later.

Until then a programme item names its interpreter itself, by account or by name, and the pairs that a translator also
interprets are kept with the translator's languages.
"""
