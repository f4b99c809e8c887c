"""What the web shell asks about who is there; `app.py` hands `SIGN_IN` over to it."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.accounts import sessions
from workflow.base.actor import Actor


class AccountsSignIn:
    """Finds the actor of a request by its session or API token."""

    def load(
        self, db: Session, now: datetime, *, session_token: str | None, api_token: str | None, request_id: str
    ) -> Actor | None:
        """Give the actor of a live session or API token, reading only."""
        return sessions.load_actor(db, now, session_token=session_token, api_token=api_token, request_id=request_id)

    def touch(self, db: Session, now: datetime, *, session_token: str | None, api_token: str | None) -> None:
        """Note that the session or token was used."""
        sessions.touch(db, now, session_token=session_token, api_token=api_token)


SIGN_IN = AccountsSignIn()
load_actor = sessions.load_actor
