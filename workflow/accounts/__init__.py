"""Users of the software: accounts, roles, sessions, tokens, passwords."""
