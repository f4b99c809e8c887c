"""Composing, queueing and sending mail; text is rendered when queued and kept encrypted."""
