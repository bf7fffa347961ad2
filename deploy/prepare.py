"""What a first start needs and no image may hold: passwords, keys, certificates, and who may read which.

`python -m deploy.prepare FOLDER` makes what is missing and changes nothing that is there; it can run at every start.
Each service gets the folder of its own below FOLDER, so that only `migrate`, the provision worker and the backup can
read the owner's login, and no database server can read the keys.
"""

import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from medspa.backup.sealing import make_key
from vault.keyring import LocalKeyring

APP, POSTGRES, REDIS = 10001, 999, 999  # the users that the images run as
MADE = Path("/made")  # volumes that the application writes into
LIFE = timedelta(days=3650)
RENEW = timedelta(days=30)
SERVERS = {"main-db": POSTGRES, "vault-db": POSTGRES, "redis": REDIS}
REDIS_CONF = """port 0
tls-port 6379
tls-cert-file /secrets/server.crt
tls-key-file /secrets/server.key
tls-ca-cert-file /secrets/ca.crt
tls-auth-clients no
requirepass {password}
appendonly yes
dir /data
maxmemory-policy noeviction
"""


class Preparation:
    def __init__(self, top: Path) -> None:
        self.top = top

    def run(self) -> None:
        for name, uid in {"root": 0, "app": APP, "owner": APP, "keys": APP, "storage": 0, **SERVERS}.items():
            folder = self.top / name
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)  # as a volume it was there before us
            _give(folder, uid)
        for folder in MADE.iterdir() if MADE.is_dir() else ():
            folder.chmod(0o700)
            _give(folder, APP)
        self.passwords = {
            name: self.once(f"root/{name}", lambda: secrets.token_hex(24), uid=0)
            for name in (
                "app_owner",
                "app_login",
                "vault_login",
                "redis",
                "main-super",
                "vault-super",
                "storage",
            )
        }
        self.certificates()
        self.servers()
        self.application()

    def servers(self) -> None:
        self.write("main-db/superuser", self.passwords["main-super"], POSTGRES)
        self.write("vault-db/superuser", self.passwords["vault-super"], POSTGRES)
        self.write("storage/password", self.passwords["storage"], 0)
        self.write("app/storage_password", self.passwords["storage"], APP)
        self.write("redis/password", self.passwords["redis"], REDIS)
        self.write("redis/redis.conf", REDIS_CONF.format(password=self.passwords["redis"]), REDIS)

    def application(self) -> None:
        self.write("app/database_url", self.database("app_login", "main-db", "medspa"), APP)
        self.write("app/vault_database_url", self.database("vault_login", "vault-db", "vault"), APP)
        ca = "ssl_ca_certs=/secrets/app/ca.crt&ssl_cert_reqs=required"
        self.write("app/redis_url", f"rediss://:{self.passwords['redis']}@redis:6379/0?{ca}", APP)
        self.once("app/secret_key", lambda: secrets.token_urlsafe(60), uid=APP)
        self.once("app/metrics_token", lambda: secrets.token_urlsafe(40), uid=APP)
        self.write("owner/owner_database_url", self.database("app_owner", "main-db", "medspa"), APP)
        for path, make in (
            (self.top / "keys" / "keyring.json", lambda path: LocalKeyring.create(path)),
            (self.top / "owner" / "backup.key", make_key),
        ):
            if not path.exists():
                make(path)
                _give(path, APP)

    def database(self, user: str, host: str, name: str) -> str:
        password = quote(self.passwords[user], safe="")
        return f"postgresql://{user}:{password}@{host}:5432/{name}?sslmode=verify-full&sslrootcert=/secrets/app/ca.crt"

    def once(self, name: str, make: Callable[[], str], *, uid: int) -> str:
        path = self.top / name
        if not path.exists():
            self.write(name, make(), uid)
        return path.read_text().strip()

    def write(self, name: str, text: str, uid: int) -> None:
        """Whole or not at all; what is there and the same is left alone."""
        path = self.top / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if path.exists() and path.read_text() == text:
            return
        draft = path.with_name(f".{path.name}.new")
        draft.touch(mode=0o600)
        draft.write_text(text)
        _give(draft, uid)
        draft.rename(path)

    def certificates(self) -> None:
        """A small authority of our own for the wires inside; a server's certificate is renewed in its last month."""
        key, certificate = self.authority()
        for name in ("app", *SERVERS):
            self.write(f"{name}/ca.crt", _pem(certificate), SERVERS.get(name, APP))
        for name, uid in SERVERS.items():
            path = self.top / name / "server.crt"
            if not path.exists() or _ends(path) - datetime.now(UTC) < RENEW:
                own = ec.generate_private_key(ec.SECP256R1())
                made = _certificate(name, own, key, certificate.subject, timedelta(days=397))
                self.write(f"{name}/server.key", _private(own), uid)
                self.write(f"{name}/server.crt", _pem(made), uid)

    def authority(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        key_path, path = self.top / "root" / "ca.key", self.top / "root" / "ca.crt"
        if not path.exists():
            own = ec.generate_private_key(ec.SECP256R1())
            subject = _name("medspa inside")
            self.write("root/ca.key", _private(own), 0)
            self.write("root/ca.crt", _pem(_certificate("", own, own, subject, LIFE, authority=True)), 0)
        key = load_pem_private_key(key_path.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key, x509.load_pem_x509_certificate(path.read_bytes())


def _certificate(
    host: str,
    own: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    life: timedelta,
    *,
    authority: bool = False,
) -> x509.Certificate:
    at = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(issuer if authority else _name(host))
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + life)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    if not authority:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        builder = builder.add_extension(purpose, critical=False)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        builder = builder.add_extension(above, critical=False)
    return builder.sign(signer, SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _ends(path: Path) -> datetime:
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _private(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _give(path: Path, uid: int) -> None:
    if os.geteuid() == 0:
        os.chown(path, uid, uid)


if __name__ == "__main__":
    os.umask(0o077)
    Preparation(Path(sys.argv[1])).run()
    print("Secrets, keys and certificates are in place.")
