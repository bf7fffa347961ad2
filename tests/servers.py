"""Embedded servers for the tests: one PostgreSQL for the product, one for the vault, one Redis, one object store, for the whole run.

Loaded by pytest before Django's settings. The first process starts the servers and names them in the environment;
xdist's workers inherit that and get databases of their own.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

FOLDER = "MEDSPA_TEST_FOLDER"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def database_names() -> tuple[str, str]:
    return f"test_medspa_{WORKER}", f"test_vault_{WORKER}"


def url(user: str, password: str, database: str, folder: str) -> str:
    return f"postgresql://{user}:{password}@/{database}?host={quote(folder, safe='')}"


def start_servers() -> None:
    from medspa.embedded.bootstrap import bootstrap_main, bootstrap_vault
    from medspa.embedded.postgres import PostgresServer
    from medspa.embedded.redis import RedisServer
    from medspa.embedded.s3 import S3Server, free_port

    folder = Path(tempfile.mkdtemp(prefix="medspa-t-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "var" / "static").mkdir(parents=True)
    settings = {"max_connections": "300", "shared_buffers": "64MB"}
    main = PostgresServer(folder / "pg", settings=settings, fast=True)
    vault = PostgresServer(folder / "vault", settings=settings, fast=True)
    cache = RedisServer(folder / "redis", durable=False)
    objects = S3Server(folder / "s3", port=free_port())
    servers = (main, vault, cache, objects)
    for server in servers:
        server.popen()
    for server in servers:
        server.wait_ready()
    passwords = {name: secrets.token_hex(12) for name in ("app_owner", "app_login", "vault_login")}
    bootstrap_main(main, database="test_base", passwords=passwords)
    bootstrap_vault(vault, database="test_vault_base", passwords=passwords)

    def stop() -> None:
        for server in reversed(servers):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    os.environ |= {
        FOLDER: str(folder),
        "MEDSPA_TEST_OWNER_PASSWORD": passwords["app_owner"],
        "MEDSPA_TEST_LOGIN_PASSWORD": passwords["app_login"],
        "MEDSPA_TEST_VAULT_PASSWORD": passwords["vault_login"],
        "MEDSPA_TEST_MAIN_SOCKET": str(main.socket_dir),
        "MEDSPA_TEST_VAULT_SOCKET": str(vault.socket_dir),
        "MEDSPA_TEST_MAIN_SUPERUSER": main.superuser_dsn(),
        "MEDSPA_TEST_VAULT_SUPERUSER": vault.superuser_dsn(),
        "REDIS_URL": cache.url,
        "CELERY_BROKER_URL": cache.broker_url,
        **objects.addresses,
        "KEYRING_PATH": str(folder / "keyring.json"),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DJANGO_ENV": "test",
        "DB_POOL": "10",  # a thread that a test leaves behind keeps its connection
        "DB_POOL_TIMEOUT": "20",  # races bring fifty threads to ten connections
        "MEDSPA_PROCESS": "test",
        "MEDSPA_VAR": str(folder / "var"),
    }


def name_databases(main: str, vault: str) -> dict[str, str]:
    """The three URLs for a pair of databases."""
    env = os.environ
    sockets = env["MEDSPA_TEST_MAIN_SOCKET"], env["MEDSPA_TEST_VAULT_SOCKET"]
    return {
        "DATABASE_URL": url("app_login", env["MEDSPA_TEST_LOGIN_PASSWORD"], main, sockets[0]),
        "OWNER_DATABASE_URL": url("app_owner", env["MEDSPA_TEST_OWNER_PASSWORD"], main, sockets[0]),
        "VAULT_DATABASE_URL": url("vault_login", env["MEDSPA_TEST_VAULT_PASSWORD"], vault, sockets[1]),
    }


if FOLDER not in os.environ:
    start_servers()
os.environ |= name_databases(*database_names())
