"""The sending queue: what goes out by mail is looked at first, released by a person, and then sent once."""
