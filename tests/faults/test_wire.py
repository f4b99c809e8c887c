"""What really goes over the wire: a long mail is taken whole, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import make_settings
from tests.faults.sink import running_sink
from workflow.mail.transport import Letter, send


def test_long_letter_arrives_with_proper_line_ends(tmp_path: Path) -> None:
    lines = [f"{number}. Съезд побратимов, день {number}" for number in range(200)]
    letter = Letter(
        key="digest-1", to_name="Анна Орлова", to_address="anna@city.example", subject="Сводка на утро",
        text="\n".join(lines), html=f"<p>{'<br>'.join(lines)}</p>", attachments=[], queued_at=datetime.now(UTC),
        official=False,
    )  # fmt: skip
    with running_sink(tmp_path / "sink") as sink:
        send(letter, replace(make_settings(tmp_path), smtp_host="127.0.0.1", smtp_port=sink.port, smtp_tls="none"))
        (kept,) = sink.folder.glob("*.eml")
        assert [message.subject for message in sink.arrived()] == ["Сводка на утро"]
    raw = kept.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") > 100
    assert max(map(len, raw.split(b"\r\n"))) <= 998
