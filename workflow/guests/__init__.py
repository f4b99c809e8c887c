"""Pages of people without an account: the public request form; a guest's own page comes with travellers."""
