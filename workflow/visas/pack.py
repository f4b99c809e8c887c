"""The visa rules and calendars of the office's pack, read once for each process."""

from functools import cache
from importlib.resources import files

from workflow.knowledge.calendar_files import PackCalendars, load_calendars
from workflow.knowledge.visa_rule_files import RuleSet, load_rules

DEFAULT_PACK = "ru-municipal"


@cache
def pack_rules(pack: str) -> RuleSet:
    """Give the visa rules of a pack; a pack without any has an empty set.

    Raises:
        InvalidFilesError: something in its files is wrong; every problem is told.
    """
    folder = files("workflow") / "packs" / pack / "visas"
    return load_rules(folder) if folder.is_dir() else RuleSet({}, ())


@cache
def pack_calendars(pack: str) -> PackCalendars:
    """Give the calendars of a pack with its own days.

    Raises:
        InvalidFilesError: something in its files is wrong; every problem is told.
    """
    folder = files("workflow") / "packs" / pack / "calendars"
    return load_calendars(folder) if folder.is_dir() else PackCalendars()
