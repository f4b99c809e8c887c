"""Translation assignments: ordered by a coordinator, claimed by a translator, accepted by a second person.

The folder `ru/` beside these modules holds the Russian catalogue of the whole interface.
"""
