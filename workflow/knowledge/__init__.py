"""Facts and pure functions: countries, calendars, names, visa rules."""
