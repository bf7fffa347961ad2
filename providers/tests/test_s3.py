"""The client against two servers that speak S3: rclone, as in the demo, and moto."""

import os

import pytest
from moto.server import ThreadedMotoServer

from providers.errors import ProviderError
from providers.s3 import S3Bucket

RCLONE = ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@pytest.fixture(params=["rclone", "moto"])
def bucket(request):
    if request.param == "rclone":
        endpoint, key_id, secret = (os.environ[name] for name in RCLONE)
        yield S3Bucket("providers-test", endpoint=endpoint, key_id=key_id, secret=secret, region="us-east-1")
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield S3Bucket(
        "providers-test", endpoint=f"http://{host}:{port}", key_id="a", secret="b", region="us-east-1"
    )
    server.stop()


@pytest.mark.promise("P61")
def test_put_get_list_delete(bucket):
    big = bytes(range(256)) * 8_000
    bucket.put("one/a", big)
    bucket.put("one/b", bytearray(b"b"))
    bucket.put("two/c", b"c")
    assert bucket.get("one/a", most=len(big)) == big
    assert b"".join(bucket.pieces("one/a")) == big
    assert bucket.get("one/a", most=len(big) - 1) is None
    assert {(each.key, each.size) for each in bucket.list("one/")} == {("one/a", len(big)), ("one/b", 1)}
    bucket.put("one/b", b"other")
    assert bucket.get("one/b", most=10) == b"other"
    for key in ("one/a", "one/b", "two/c", "one/a"):
        bucket.delete(key)
    assert bucket.get("one/a", most=10) is None
    assert list(bucket.pieces("one/a")) == []
    assert list(bucket.list("one/")) == []


def test_nobody_answers_and_wrong_credentials():
    lost = S3Bucket("x-bucket", endpoint="http://127.0.0.1:9", key_id="a", secret="b", region="us-east-1")
    with pytest.raises(ProviderError) as failed:
        lost.put("k", b"x")
    assert (failed.value.code, failed.value.sent, failed.value.permanent) == ("no_connection", "no", False)
    stranger = S3Bucket(
        "providers-test",
        endpoint=os.environ[RCLONE[0]],
        key_id="medspa",
        secret="guessed",
        region="us-east-1",
    )
    with pytest.raises(ProviderError) as refused:
        stranger.get("k", most=1)
    assert refused.value.sent == "no"
    assert "guessed" not in str(refused.value)
