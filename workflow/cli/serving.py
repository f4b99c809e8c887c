"""Serving pages: gunicorn in production, waitress in the one-machine mode and where gunicorn does not run."""

import errno
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger
from waitress import create_server

MakeApp = Callable[[], Flask]


class PortTaken(Exception):  # an ordinary situation, answered with another port
    """Somebody listens on the port already; `free` is one that nobody listens on."""

    def __init__(self, host: str, port: int, free: int) -> None:
        super().__init__(f"port {port} on {host} is taken")
        self.host = host
        self.port = port
        self.free = free


class CannotListen(Exception):  # a wrong --host or --port, answered with a sentence
    """Nobody can listen there; the message says why and what to do."""


def open_listener(host: str, port: int) -> socket.socket:
    """Bind the port that pages are served on.

    Raises:
        PortTaken: with another port that is free.
        CannotListen: the address is not this machine's, or the port is closed to us.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        number = getattr(error, "errno", None)
        if number == errno.EADDRINUSE:
            raise PortTaken(host, port, _free_port(host, port)) from error
        if number == errno.EACCES:
            raise CannotListen(f"Port {port} is open to root only: say --port {_free_port(host, port)}, and have a "
                               "reverse proxy stand before it") from error  # fmt: skip
        raise CannotListen(f"{host}, port {port}: one cannot listen there ({error}). Say --host 127.0.0.1 for this "
                           "machine alone, or an address that this machine has") from error  # fmt: skip
    listener.listen(128)
    return listener


def _free_port(host: str, port: int) -> int:
    """Find a free port near the wanted one, else any."""
    for candidate in [*range(max(port, 1024) + 1, max(port, 1024) + 50), 0]:
        with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError(errno.EADDRINUSE, "no port is free")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Turn SIGTERM into the same orderly end as Ctrl-C, also where a script started us with SIGINT ignored."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def spare_what_was_loaded() -> None:
    """Have the garbage collector pass over what the start loaded; call it once all is composed.

    Some 380 000 objects live as long as the process: walking them stopped every tenth page for 0.2 s. From here on it
    looks at fewer new objects at a time, too: at 50 000 of them a page waits for 0.1 s.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def serve_waitress(app: Flask, listener: socket.socket, *, threads: int = 8) -> None:
    """Serve until Ctrl-C or SIGTERM; requests now running are answered."""
    server = create_server(app, sockets=[listener], threads=threads, ident=None, channel_timeout=60)
    spare_what_was_loaded()
    with ended_by_signals():
        try:
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            server.close()


class _OurLogs(Logger):  # type: ignore[misc]
    """Leaves what gunicorn says to the handler of all our logs, one JSON line each."""

    def setup(self, cfg: Config) -> None:
        """Take gunicorn's own handlers away again, at the start and whenever it reads its settings anew."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """Gunicorn started from here, so that one command has one set of options."""

    def __init__(self, make_app: MakeApp, options: dict[str, Any]) -> None:
        self._make_app = make_app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options and no others."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the program in each process, after the fork: none inherits a connection."""
        app = self._make_app()
        spare_what_was_loaded()
        return app


def serve_gunicorn(make_app: MakeApp, host: str, port: int, *, processes: int, threads: int) -> None:
    """Serve with worker processes of threads until SIGTERM; never returns before."""
    options = {
        "bind": [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"],
        "worker_class": "gthread",
        "workers": processes,
        "threads": threads,
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "logger_class": _OurLogs,
        "control_socket_disable": True,
        "limit_request_line": 8190,
        "worker_tmp_dir": "/dev/shm" if sys.platform == "linux" else None,  # noqa: S108 — heartbeats on a disk stall
    }
    _Gunicorn(make_app, options).run()
