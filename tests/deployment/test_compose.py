"""docker-compose.yml is valid, holds no secret, and its commands and health checks work against real servers.

No Docker is needed: each service's `command`, `environment` and `healthcheck` are read from the file and run in an
environment installed from the requirements that the Dockerfile names, against a real PostgreSQL and Redis.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet

from tests.servers import PostgresServer, die_with_parent, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")
SECRETS = re.compile(r"SECRET|PASSWORD|KEY|AUTH")


class MissingVariable(Exception):
    """Compose would refuse to start: a variable without which it must not."""


def interpolate(text: str, given: dict[str, str]) -> str:
    """Replace ``${X}``, ``${X:-default}``, ``${X:?sentence}`` and ``$$`` as Compose does."""

    def value(match: re.Match[str]) -> str:
        if match.group(0) == "$$":
            return "$"
        found = given.get(match["name"], "")
        if found or match["kind"] is None:
            return found
        if match["kind"] == "?":
            raise MissingVariable(f"{match['name']}: {match['rest']}")
        return match["rest"]

    return VARIABLE.sub(value, text)


def compose(given: dict[str, str]) -> dict[str, Any]:
    """Read the file as Compose would with these variables."""
    return yaml.safe_load(interpolate(COMPOSE.read_text(), given))  # type: ignore[no-any-return]


def variables() -> dict[str, str]:
    """Everything that an operator has to set, as the README tells."""
    return {
        "DELEGATIONS_BASE_URL": "https://delegations.example.org", "DELEGATIONS_SECRET_KEY": secrets.token_urlsafe(48),
        "DELEGATIONS_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DELEGATIONS_INDEX_KEY": secrets.token_urlsafe(48), "DELEGATIONS_SMTP_HOST": "mail.example.org",
        "DELEGATIONS_MAIL_FROM": "delegations@example.org", "POSTGRES_PASSWORD": secrets.token_hex(24),
        "REDIS_PASSWORD": secrets.token_hex(24),
    }  # fmt: skip


def validate(path: Path) -> int:
    """Hold a file against the Compose schema."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", path],
        capture_output=True, check=False,
    ).returncode  # fmt: skip


def test_file_keeps_to_the_schema(tmp_path: Path) -> None:
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(COMPOSE.read_text().replace("healthcheck:", "healthchek:", 1))
    assert (validate(COMPOSE), validate(broken)) == (0, 1)


@pytest.mark.parametrize("name", sorted(variables()))
def test_compose_refuses_to_start_without(name: str) -> None:
    given = variables()
    compose(given)
    del given[name]
    with pytest.raises(MissingVariable, match=name):
        compose(given)


def test_no_secret_has_a_default() -> None:
    for match in VARIABLE.finditer(COMPOSE.read_text()):
        if match["name"] and SECRETS.search(match["name"]):
            assert match["kind"] == "?" or match["rest"] == "", match.group(0)


def test_every_service_is_watched_and_keeps_its_data() -> None:
    services = compose(variables())["services"]
    assert set(services) == {"migrate", "web", "worker", "scheduler", "postgres", "redis"}
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"migrate"}
    ours = [services[name] for name in ("migrate", "web", "worker", "scheduler")]
    assert all(service["cap_drop"] == ["ALL"] and service["read_only"] for service in ours)
    assert all("data:/data" in service["volumes"] for service in ours)


def test_image_runs_as_nobody_special_and_holds_what_is_needed() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    stages = [line.split() for line in dockerfile.splitlines() if line.startswith("FROM ")]
    assert len(stages) == 2
    assert re.findall(r"^USER (\w+)$", dockerfile, re.MULTILINE) == ["delegations"]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    ignored = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for source in " ".join(copied).split():
        assert (ROOT / source).exists() or source == "README.md", source
        assert source.split("/")[0] in ignored, source


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtualenv installed from exactly what the Dockerfile installs."""
    folder = tmp_path_factory.mktemp("image") / "venv"
    lines = re.findall(r"pip install (.+?)(?: \\)?$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(lines) == 3
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    for line in lines:
        subprocess.run(
            [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *shlex.split(line)],
            cwd=ROOT, check=True, env={**os.environ, "PIP_NO_COMPILE": "1"},  # each is compiled once it is imported
        )  # fmt: skip
    return folder


class Fleet:
    """The services of the file, run as processes on this machine."""

    def __init__(self, environment: Path, folder: Path, postgres: PostgresServer, stack: ExitStack) -> None:
        self.given = variables()
        self.services = compose(self.given)["services"]
        self.folder = folder
        self.stack = stack
        self.ports = {"8000": str(free_port()), "6379": str(free_port()), "5432": str(postgres.port)}
        self.path = f"{environment / 'bin'}:{postgres.binaries}:{os.environ['PATH']}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def here(self, text: str) -> str:
        """Turn what is true inside the network of containers into what is true on this machine."""
        for host, port in (("postgres", "5432"), ("redis", "6379")):
            text = text.replace(f"@{host}:{port}", f"@127.0.0.1:{self.ports[port]}")
        text = re.sub(r"(^|127\.0\.0\.1:)8000\b", rf"\g<1>{self.ports['8000']}", text)
        return text.replace("/data", str(self.folder))

    def environ(self, service: str) -> dict[str, str]:
        """Give a service exactly its own environment."""
        own = {name: self.here(str(value)) for name, value in self.services[service].get("environment", {}).items()}
        defaults = {"DELEGATIONS_DATA_DIR": str(self.folder), "PGPORT": self.ports["5432"], "PGHOST": "127.0.0.1"}
        return {"PATH": self.path, "HOME": str(self.folder), **defaults, **own}

    def arguments(self, command: list[str]) -> list[str]:
        """Give a command as it runs here: other ports, another folder."""
        here = [self.here(part) for part in command]
        port = self.ports["6379"]
        return [
            re.sub(r"redis-cli", f"redis-cli -p {port}", part).replace(
                "exec redis-server", f"exec redis-server --port {port} --bind 127.0.0.1 --dir {self.folder}"
            )
            for part in here
        ]

    def start(self, service: str) -> None:
        """Start a service by its command."""
        log = self.stack.enter_context((self.folder / f"{service}.log").open("ab"))
        self.running[service] = process = subprocess.Popen(
            self.arguments(self.services[service]["command"]), env=self.environ(service), cwd=ROOT, stdout=log,
            stderr=log, start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM),
        )  # fmt: skip
        self.stack.callback(self.end, service)
        assert process.poll() is None

    def run(self, *command: str) -> int:
        """Run a command in the web's surroundings; give its exit code."""
        return subprocess.run(["delegations", *command], env=self.environ("web"), cwd=ROOT, check=False).returncode

    def end(self, service: str, number: int = signal.SIGTERM) -> int:
        """Stop a service as Compose does; give its exit code."""
        process = self.running[service]
        if process.poll() is None:
            os.killpg(process.pid, number) if number == signal.SIGKILL else process.send_signal(number)
        return process.wait(30)

    def healthy(self, service: str) -> bool:
        """Run a service's health check."""
        kind, *rest = self.services[service]["healthcheck"]["test"]
        command = ["sh", "-c", *rest] if kind == "CMD-SHELL" else rest
        done = subprocess.run(
            self.arguments(command), env=self.environ(service), cwd=ROOT, capture_output=True, check=False, timeout=60
        )
        return done.returncode == 0

    def log(self, service: str) -> str:
        """Read what a service said."""
        return (self.folder / f"{service}.log").read_text()


def ask_for_a_new_password(site: str, address: str) -> str:
    """Do what a person does who has forgotten a password; give the id of the request."""
    with urllib.request.urlopen(f"{site}/forgot", timeout=10) as page:  # noqa: S310 — our own server
        cookie = str(page.headers["Set-Cookie"]).split(";", 1)[0]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token is not None
    asked = http.client.HTTPConnection(site.removeprefix("http://"), timeout=10)
    asked.request("POST", "/forgot", urllib.parse.urlencode({"csrf_token": token[1], "email": address}), {
        "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie})  # fmt: skip
    with closing(asked), asked.getresponse() as answer:
        assert answer.status == 303
        return str(answer.headers["X-Request-Id"])


@pytest.fixture
def fleet(request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer) -> Iterator[Fleet]:
    """The file's services, PostgreSQL running under the file's name and user."""
    ours = getattr(request, "param", "image") == "ours"
    environment = Path(sys.prefix) if ours else request.getfixturevalue("environment")
    postgres_server.execute("DROP DATABASE IF EXISTS delegations WITH (FORCE)")
    postgres_server.execute("CREATE DATABASE delegations")
    with ExitStack() as stack:
        yield Fleet(environment, tmp_path, postgres_server, stack)
    postgres_server.execute("DROP DATABASE IF EXISTS delegations WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.redis
def test_services_start_by_the_file_work_and_stop(fleet: Fleet) -> None:
    assert fleet.healthy("postgres")
    fleet.start("redis")
    wait_until(lambda: fleet.healthy("redis"), what="redis to be healthy")
    fleet.start("migrate")
    assert fleet.running["migrate"].wait(60) == 0, fleet.log("migrate")
    assert not fleet.healthy("web")
    assert not fleet.healthy("worker")
    for service in ("web", "worker", "scheduler"):
        fleet.start(service)
    for service in ("web", "worker", "scheduler"):
        wait_until(lambda service=service: fleet.healthy(service), seconds=60, what=f"{service} to be healthy")
    with urllib.request.urlopen(f"http://127.0.0.1:{fleet.ports['8000']}/readyz", timeout=10) as answer:
        assert answer.status == 200
    assert fleet.run("user", "add", "anna@city.example", "--name-en", "Anna Orlova", "--role", "manager", "--password",
                     "a long enough passphrase 7") == 0  # fmt: skip
    asked = ask_for_a_new_password(f"http://127.0.0.1:{fleet.ports['8000']}", "anna@city.example")
    wait_until(lambda: asked in fleet.log("worker"), what="the worker to take the mail up")
    told = [json.loads(line) for service in ("web", "worker", "scheduler") for line in fleet.log(service).splitlines()]
    assert {line["job_kind"] for line in told if line.get("request_id") == asked} == {"mail.send"}
    assert "anna@city.example" not in fleet.log("worker")
    for service in ("web", "worker", "scheduler"):
        started = time.monotonic()
        assert fleet.end(service) == 0, fleet.log(service)
        assert time.monotonic() - started < 25
    assert not fleet.healthy("web")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("fleet", ["ours"], indirect=True)  # to refuse, no second environment is needed
@pytest.mark.parametrize("name", ["DELEGATIONS_SECRET_KEY", "DELEGATIONS_ENCRYPTION_KEYS", "DELEGATIONS_INDEX_KEY"])
def test_web_refuses_to_start_without_a_key(fleet: Fleet, name: str) -> None:
    fleet.services["web"]["environment"].pop(name)
    fleet.start("web")
    assert fleet.running["web"].wait(30) == 1
    assert name in fleet.log("web")
