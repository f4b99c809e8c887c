"""The process of a visit: its stages, what they ask, what they set in motion, and by when."""
