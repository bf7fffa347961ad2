"""python -m sandbox --port 8001 --webhook-base http://127.0.0.1:8000 [--state var/sandbox.json]"""

import logging
import os
import signal
import sys
import threading

from sandbox.app import App
from sandbox.config import ConfigError, read_config
from sandbox.server import Server


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="sandbox: %(message)s", stream=sys.stderr)
    try:
        config = read_config(sys.argv[1:], os.environ)
    except ConfigError as problem:
        print(f"sandbox: {problem}", file=sys.stderr)
        return 2
    try:
        server = Server(App(config))
    except OSError as error:
        print(f"sandbox: cannot start on {config.host}:{config.port}: {error.strerror}", file=sys.stderr)
        return 1

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"sandbox: {server.url}/outbox/", flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
