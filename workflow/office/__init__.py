"""Our own department: identity, signatories, number series, working calendar, pack."""
