"""What a visit has led to: agreements, promises and proposals in plain rows, and the report that closes it."""
