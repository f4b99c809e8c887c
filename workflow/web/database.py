"""Flask-SQLAlchemy's engines and scoped session over our own declarative base."""

from typing import cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from workflow.base.database import Base, engine_options, prepare_engine
from workflow.base.settings import Settings

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def attach_database(app: Flask, settings: Settings) -> None:
    """Give the application its engine, prepared as `base.database` says."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def current_session() -> Session:
    """Give the session of this application context."""
    return cast("Session", db.session())
