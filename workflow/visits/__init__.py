"""Requests, visits, members of a delegation, the basis of a visit, and who may see it."""
