# One image for web, worker and scheduler; docker-compose.yml says which it is.
# No compiler and no system library is needed: every dependency is a wheel with a pinned hash.

FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
WORKDIR /app
COPY requirements/run.txt requirements/build.txt requirements/
RUN /opt/venv/bin/pip install --require-hashes -r requirements/run.txt \
 && /opt/venv/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY workflow workflow
COPY tasks tasks
COPY templates templates
COPY migrations migrations
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation --editable . \
 && /opt/venv/bin/pip uninstall --yes hatchling editables \
 && /opt/venv/bin/python -m compileall -q workflow tasks

FROM python:3.13-slim-trixie
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin delegations \
 && install --directory --owner delegations --group delegations /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DELEGATIONS_DATA_DIR=/data DELEGATIONS_ENV=production
WORKDIR /app
USER delegations
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["delegations", "web", "--host", "0.0.0.0", "--port", "8000"]
