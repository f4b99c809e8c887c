"""The shell that pages and APIs share: doors, forms, sentences, errors, headers. Knows no feature."""
