"""Time zones: which there are, and which to choose from, named by their cities in the reader's language."""

from functools import cache, lru_cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location

_COMMON = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
    "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Rome", "Europe/Ljubljana", "Europe/Athens",
    "Europe/Sofia", "Europe/Istanbul",
    "Europe/Minsk", "Asia/Yerevan", "Asia/Tbilisi", "Asia/Baku", "Asia/Tashkent", "Asia/Almaty", "Asia/Dubai",
    "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Africa/Johannesburg", "America/New_York", "America/Chicago",
    "America/Santiago", "UTC",
)  # fmt: skip

_UNNAMED = {("Asia/Kolkata", "ru"): "Калькутта"}
"""Cities that the tables of languages do not name."""


@cache
def _zones() -> frozenset[str]:
    """All names, once: finding them walks through the whole database of zones on the disk (30 ms)."""
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Tell whether this is the IANA name of a time zone."""
    return name in _zones()


@lru_cache(maxsize=64)
def zone_name(zone: str, locale: str) -> str:
    """Name a zone by its city: «Москва», "Moscow"."""
    if zone == "UTC":
        return zone
    if (zone, locale) in _UNNAMED:
        return _UNNAMED[zone, locale]
    return get_timezone_location(zone, locale=locale, return_city=True)


def zone_choices(locale: str, current: str = "") -> list[tuple[str, str]]:
    """Give (IANA name, city) of the common zones, and of the *current* one if it is none of them."""
    zones = _COMMON if not current or current in _COMMON else (current, *_COMMON)
    return [(zone, zone_name(zone, locale)) for zone in zones]
