"""The Celery application: it carries hints ("job 7 is due") to workers; the truth is in the database."""
