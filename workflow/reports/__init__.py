"""Figures of a year and the yearly workbook: every number leads to the visits behind it."""
