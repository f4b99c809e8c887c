"""The `delegations` command: what an operator types."""
