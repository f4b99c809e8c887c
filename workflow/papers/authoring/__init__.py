"""Wordings and DOCX templates that coordinators write themselves: versions, checks, activation."""
