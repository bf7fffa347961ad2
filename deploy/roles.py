"""The roles and databases on the two servers of a deployment: `python -m deploy.roles FOLDER`, at every start."""

import sys
from pathlib import Path

from psycopg.conninfo import make_conninfo

from medspa.embedded.bootstrap import bootstrap_main, bootstrap_vault


class Server:
    def __init__(self, top: Path, host: str) -> None:
        self.password = (top / host / "superuser").read_text().strip()
        self.host = host
        self.ca = str(top / "app" / "ca.crt")

    def superuser_dsn(self, db: str = "postgres") -> str:
        return make_conninfo(
            host=self.host,
            user="postgres",
            password=self.password,
            dbname=db,
            sslmode="verify-full",
            sslrootcert=self.ca,
        )


def main(top: Path) -> None:
    passwords = {
        name: (top / "root" / name).read_text().strip() for name in ("app_owner", "app_login", "vault_login")
    }
    bootstrap_main(Server(top, "main-db"), database="medspa", passwords=passwords)
    bootstrap_vault(Server(top, "vault-db"), database="vault", passwords=passwords)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    print("Roles and databases are in place.")
