"""The test servers themselves: they start without root's help, give clean databases and survive being killed."""

from __future__ import annotations

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from tests.servers import PostgresServer, RedisServer


@pytest.mark.postgres
def test_postgres_gives_each_test_its_own_copy_of_a_template(postgres_server: PostgresServer) -> None:
    built: list[str] = []

    def build(url: str) -> None:
        built.append(url)
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE place (name text)"))
        engine.dispose()

    for _ in range(2):
        with postgres_server.fresh("places", build) as url:
            engine = create_engine(url)
            with engine.begin() as connection:
                assert connection.scalar(text("SELECT count(*) FROM place")) == 0
                connection.execute(text("INSERT INTO place VALUES ('Омск')"))
                assert connection.scalar(text("SELECT lower(name) FROM place")) == "омск"
            engine.dispose()
    assert len(built) == 1


@pytest.mark.postgres
def test_postgres_database_is_gone_after_its_test(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh() as url:
        address = url.replace("+psycopg", "")
        psycopg.connect(address).close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address)


@pytest.mark.slow
@pytest.mark.redis
def test_redis_keeps_its_data_over_a_restart(redis_url: str, redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set("visit", "214")
    redis_server.halt()
    assert not redis_server.answers()
    redis_server.start()
    with redis.Redis.from_url(redis_url) as client:
        assert client.get("visit") == b"214"
