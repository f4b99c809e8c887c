"""How large an upload may be in this installation."""

from flask import current_app

from workflow.base.settings import Settings


def upload_limit() -> int:
    """Give the limit in bytes."""
    settings: Settings = current_app.config["DELEGATIONS"]
    return settings.max_upload
