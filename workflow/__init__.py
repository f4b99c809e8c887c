"""Delegations: the Flask application and everything it knows."""
