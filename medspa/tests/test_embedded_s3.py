"""The object store of `make run`: its data stay, its secret is private, and it stands on loopback only."""

import stat

from medspa.embedded.s3 import S3Server, free_port
from providers.s3 import S3Bucket


def bucket_of(server):
    told = server.addresses
    return S3Bucket(
        "photos",
        endpoint=told["AWS_ENDPOINT_URL_S3"],
        key_id=told["AWS_ACCESS_KEY_ID"],
        secret=told["AWS_SECRET_ACCESS_KEY"],
        region="us-east-1",
    )


def test_what_was_stored_outlives_a_restart(tmp_path):
    server = S3Server(tmp_path / "s3", port=free_port())
    server.popen()
    server.wait_ready()
    try:
        bucket_of(server).put("a/b", b"sealed")
        assert stat.S_IMODE(server.secret_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
        assert server.addresses["AWS_ENDPOINT_URL_S3"].startswith("http://127.0.0.1:")
        server.stop()
        server.popen()
        server.wait_ready()
        assert bucket_of(server).get("a/b", most=10) == b"sealed"
    finally:
        server.stop()
