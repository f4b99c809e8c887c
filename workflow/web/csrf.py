"""Protection against forged requests; `doors` calls it for every POST of a page."""

from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()
