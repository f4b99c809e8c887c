"""Batches: one paper for each of many recipients, each in their own language, decided once."""
