"""W3: a photo of 5 MB: seal, store, read, open; against AES-GCM in place over the same bytes."""

import os
import resource
import statistics
import time
from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from benchmarks.measure import report
from benchmarks.stage import Stage

SIZE = 5 * 1024 * 1024
ROUNDS = 15
KEY, KEY_ID = bytes(range(32)), UUID(int=1)
CLINIC, PHOTO = UUID(int=2), UUID(int=3)


def run(stage: Stage) -> bool:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from medspa.embedded.s3 import S3Server, free_port
    from providers.s3 import S3Bucket
    from vault import containers

    plain = os.urandom(SIZE)
    server = S3Server(stage.folder / "s3", port=free_port())
    server.popen()
    server.wait_ready()
    told = server.addresses
    bucket = S3Bucket(
        "bench",
        endpoint=told["AWS_ENDPOINT_URL_S3"],
        key_id=told["AWS_ACCESS_KEY_ID"],
        secret=told["AWS_SECRET_ACCESS_KEY"],
        region="us-east-1",
    )
    cipher, room = AESGCM(KEY), bytearray(plain + bytes(16))
    view = memoryview(room)

    def in_place() -> None:
        cipher.encrypt_into(bytes(12), view[:SIZE], b"", view)

    def seal() -> bytearray:
        sealer = containers.Sealer(KEY, KEY_ID, clinic=CLINIC, photo=PHOTO)
        sealed = bytearray(sealer.head)
        for at in range(0, SIZE, 65_536):
            for chunk in sealer.feed(memoryview(plain)[at : at + 65_536]):
                sealed += chunk
        sealed += sealer.end()
        return sealed

    def opened(data: bytearray) -> memoryview:
        return containers.open_in_place(KEY, clinic=CLINIC, photo=PHOTO, data=data)

    sealed = seal()
    assert bytes(opened(bytearray(sealed))) == plain

    def store() -> None:
        bucket.put("photo", sealed)
        kept = sha256()
        for piece in bucket.pieces("photo"):
            kept.update(piece)

    def read() -> bytearray:
        data = bucket.get("photo", most=len(sealed))
        assert data is not None
        return data

    store()
    limit, sealing = median(in_place), median(seal)
    reading, opening = median(read), median(lambda: opened(bytearray(sealed)))
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    both = median(lambda: opened(read()))
    faults = (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults) // (ROUNDS + 1)
    storing = median(store)
    server.stop()
    pages = len(sealed) // resource.getpagesize()
    found = [
        report("W3 seal 5 MB, at least half of AES-GCM in place", sealing * 1000, "ms", limit * 1000, 2.0),
        report("W3 read and open, against its parts", both * 1000, "ms", (reading + opening) * 1000, 1.5),
        report(
            "W3 page faults of read and open, against the pages of the file", faults, "faults", pages, 3.0
        ),
        report(
            "W3 store and read back, against ten times a read", storing * 1000, "ms", reading * 10_000, 1.0
        ),
    ]
    return all(found)


def median(work: Callable[[], object]) -> float:
    """Seconds, once the caches are warm."""
    work()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
