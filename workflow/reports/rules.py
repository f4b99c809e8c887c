"""Pure decisions of reports: a year's bounds, cells that no spreadsheet runs."""

from datetime import date, timedelta

FIRST_YEAR = 1950
LAST_YEAR = 2200


def is_year(year: int) -> bool:
    """Say whether reports are made for this year."""
    return FIRST_YEAR <= year <= LAST_YEAR


def year_bounds(year: int) -> tuple[date, date]:
    """Give the first and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """Give the first and last day of a month."""
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)
