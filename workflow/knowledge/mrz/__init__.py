"""The machine-readable zone of travel documents: our own code against ICAO Doc 9303, parts 3 to 7.

`parsing.parse` reads whatever was pasted and judges it, `repairing.doubts` points at the character that is probably
wrong, `matching.explain` compares the zone's name with a typed one, `composing.compose` makes a zone.
"""
