"""Persons and their passports: kept once, joined to many visits."""
