"""The image and the compose file, read as data: what no daemon is needed to see."""

import re
import socket
import ssl
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ONCE = {"prepare", "roles", "migrate"}
OF_OTHERS = {
    "ACME_EMAIL",
    "POSTGRES_PASSWORD_FILE",
    "POSTGRES_INITDB_ARGS",
    "MINIO_ROOT_USER",
    "MINIO_ROOT_PASSWORD_FILE",
}
READ_ELSEWHERE = {"MEDSPA_PROCESS", "MEDSPA_VAR"}  # medspa/environment.py
ASKED = re.compile(r"""(?:env\.(?:get|flag|number|choice)|environ\.get)\(\s*"([A-Z_0-9]+)\"""")
FILES = [
    "Dockerfile",
    "docker-compose.yml",
    *(str(path.relative_to(ROOT)) for path in (ROOT / "deploy").rglob("*") if path.is_file()),
]


def known_settings() -> set[str]:
    texts = [
        (ROOT / "medspa" / name).read_text() for name in ("settings.py", "environment.py", "gunicorn.py")
    ]
    return READ_ELSEWHERE | {name for text in texts for name in ASKED.findall(text)}


def test_the_shape_is_whole():
    wanted = {
        "proxy",
        "web",
        "worker",
        "webhooks",
        "provision",
        "beat",
        "backup",
        "main-db",
        "vault-db",
        "redis",
        "storage",
    }
    assert set(SERVICES) == wanted | ONCE


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_limited_watched_and_restarted(name):
    service = SERVICES[name]
    image = service["image"]
    if not image.startswith("medspa:"):
        assert re.search(r":[A-Za-z]*[.\d]*\d", image), f"{image} is not pinned by a version"
        assert ":latest" not in image
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory"} <= set(limits)
    if name in ONCE:
        assert service["restart"] == "no"
    else:
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"
        assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_given_settings_that_exist(name):
    given = {
        key.removesuffix("_FILE") if key not in OF_OTHERS else key
        for key in SERVICES[name].get("environment", {})
    }
    assert given - known_settings() - OF_OTHERS == set()


def test_volumes_and_networks_are_declared():
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists(), f"{name}: {source}"
            elif not source.startswith("${"):
                assert source in COMPOSE["volumes"], f"{name}: {source}"
        for network in service.get("networks", []):
            assert network in COMPOSE["networks"]
        for other in service.get("depends_on", {}):
            assert other in SERVICES
    assert COMPOSE["networks"]["inside"]["internal"]


def test_only_the_proxy_is_open_to_the_world():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_only_who_owns_holds_the_owners_login():
    holders = {
        name
        for name, service in SERVICES.items()
        if "OWNER_DATABASE_URL_FILE" in service.get("environment", {})
        or any(volume.startswith("owner-secrets") for volume in service.get("volumes", []))
    }
    assert holders == {"provision", "migrate", "backup", "prepare", "roles"}
    for server in ("main-db", "vault-db", "redis"):
        assert not any(volume.startswith("keys") for volume in SERVICES[server]["volumes"])


def test_the_vault_is_a_server_of_its_own():
    main, vault = SERVICES["main-db"], SERVICES["vault-db"]
    assert main["volumes"][0].split(":")[0] != vault["volumes"][0].split(":")[0]
    for server in (main, vault):
        assert "-cssl=on" in server["command"]
    rules = (ROOT / "deploy" / "pg_hba.conf").read_text().splitlines()
    over_network = [line.split() for line in rules if line.startswith("host")]
    assert over_network == [["hostssl", "all", "all", "all", "scram-sha-256"]]


@pytest.mark.parametrize("file", FILES)
def test_no_registry_is_named(file):
    text = (ROOT / file).read_text()
    for host in (
        "pypi.",
        "npmjs",
        "pythonhosted",
        "deb.debian",
        "docker.io",
        "ghcr.io",
        "quay.io",
        "postgresql.org",
    ):
        assert host not in text, f"{file} names {host}"


def test_the_image_is_small_unprivileged_and_watched():
    stages = re.findall(r"^FROM (\S+) AS (\S+)", DOCKERFILE, re.M)
    assert [stage for _, stage in stages] == ["build", "run"]
    assert re.search(r"^ARG PYTHON=3\.11\.\d+-slim-\w+$", DOCKERFILE, re.M)
    last = DOCKERFILE.split("AS run")[1]
    assert re.search(r"^USER \d{4,}$", last, re.M)
    assert "HEALTHCHECK" in last
    assert "--require-hashes" in DOCKERFILE
    for word in ("SECRET_KEY=", "PASSWORD=", "TOKEN=", "_URL=postgresql"):
        assert word not in DOCKERFILE
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".env", "var", ".venv"} <= set(ignored)


def test_the_version_of_the_servers_is_the_clients():
    server = re.search(r"postgres:(\d+)", SERVICES["main-db"]["image"])
    client = re.search(r"postgresql-client-(\d+)", DOCKERFILE)
    assert server
    assert client
    assert server[1] == client[1]
    assert f"PG_BIN=/usr/lib/postgresql/{client[1]}/bin" in DOCKERFILE


def test_the_example_names_every_variable_of_the_compose_file():
    wanted = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))
    example = (ROOT / "deploy" / "env.example").read_text()
    assert wanted == set(re.findall(r"^([A-Z0-9_]+)=", example, re.M))


# --- What `prepare` makes ---


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    top = tmp_path_factory.mktemp("secrets")
    run_prepare(top)
    return top


def run_prepare(top: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "deploy.prepare", str(top)], cwd=ROOT, check=True, capture_output=True
    )


def test_a_second_run_changes_nothing(prepared):
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in prepared.rglob("*") if path.is_file()
    }
    run_prepare(prepared)
    assert before == {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in prepared.rglob("*") if path.is_file()
    }


def test_secrets_are_private(prepared):
    for path in prepared.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_every_secret_that_a_service_reads_is_made(prepared):
    for name, service in SERVICES.items():
        if name in {"prepare", "roles"}:
            continue
        mounts = dict(volume.split(":")[1::-1] for volume in service.get("volumes", []) if "${" not in volume)
        named = [
            value for value in service.get("environment", {}).values() if str(value).startswith("/secrets")
        ]
        named += re.findall(r"/secrets/[\w./]+", str(service.get("command", "")))
        for path in named:
            folder = max((mount for mount in mounts if path.startswith(f"{mount}/")), key=len)
            volume = mounts[folder].removesuffix("-secrets")
            assert (prepared / volume / path.removeprefix(f"{folder}/")).is_file(), f"{name}: {path}"


@pytest.mark.promise("P144")
@pytest.mark.parametrize("host", ["main-db", "vault-db", "redis"])
def test_the_wires_inside_verify(prepared, host):
    """The certificate is good for its own name, by our own authority, and for no other name."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(prepared / host / "server.crt", prepared / host / "server.key")
    client = ssl.create_default_context(cafile=str(prepared / "app" / "ca.crt"))
    assert shake_hands(server, client, host).startswith("TLSv1.")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, client, "another")


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> str:
    ours, theirs = socket.socketpair()

    def answer() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except (ssl.SSLError, OSError):
            theirs.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=name) as wire:
            return str(wire.version())
    finally:
        ours.close()
        thread.join()
