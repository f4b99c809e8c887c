"""Visa cases: routes side by side, checklists, and what keeps a traveller from the border."""
