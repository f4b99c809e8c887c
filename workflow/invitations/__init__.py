"""Invitations: what was sent to whom, by when an answer is wanted, and what it was."""
