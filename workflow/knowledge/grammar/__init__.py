"""Grammar: case forms of Russian names, posts and places, forms of address, numbers in words, typography.

Everything here is pure. A form of a name or post is a proposal that says how sure it is; a person
confirms the doubtful.
"""
