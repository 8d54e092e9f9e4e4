"""An object store of its own: OpenStack Swift with its S3 interface, as Debian packages it, as real processes.

One node, one copy of everything, on a disk of the test; clients come over HTTP and sign what they ask by Signature V4.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import boto3
import pytest
from django.conf import settings

from config.stores import bucket_storage
from tests.services.production import free_port
from tests.waiting import until

PYTHON, KEY, SECRET, BUCKET = "/usr/bin/python3", "test:desk", "Sesam-oeffne-dich", "attachments"
SERVERS = ("account", "container", "object", "proxy")
MISSING = "needs Debian's packages swift-account, swift-container, swift-object and swift-proxy"
RINGS = """
import json, sys
from swift.common.ring import RingBuilder
folder, ports = sys.argv[1], json.loads(sys.argv[2])
for name in ("account", "container", "object"):
    ring, place = RingBuilder(0, 1, 1), {"ip": "127.0.0.1", "port": ports[name]}
    place |= {"replication_ip": place["ip"], "replication_port": place["port"]}
    ring.add_dev({"region": 1, "zone": 1, "weight": 1.0, "device": "disk", **place})
    ring.rebalance()
    ring.get_ring().save(f"{folder}/{name}.ring.gz")
"""
COMMON = """[DEFAULT]
swift_dir = {folder}
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
workers = 0
log_address = /nowhere
devices = {folder}/disks
mount_check = false
"""
STORAGE = """
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
PROXY = f"""
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_{KEY.replace(":", "_")} = {SECRET} .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


class ObjectStore:
    """The store in a folder; `stop` and `start` as often as it takes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ports = folder, {name: free_port() for name in SERVERS}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        (folder / "disks" / "disk").mkdir(parents=True)
        (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = a\nswift_hash_path_prefix = b\n")
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        for name, port in self.ports.items():
            common = COMMON.format(folder=folder, port=port, user=user)
            (folder / f"{name}.conf").write_text(common + (PROXY if name == "proxy" else STORAGE.format(name=name)))
        subprocess.run([PYTHON, "-c", RINGS, str(folder), json.dumps(self.ports)], check=True)

    @property
    def url(self) -> str:
        return f"s3+http://{quote(KEY)}:{SECRET}@127.0.0.1:{self.ports['proxy']}/{BUCKET}"

    def start(self) -> None:
        for name in SERVERS:
            with (self.folder / f"{name}.log").open("ab") as log:
                command = [f"swift-{name}-server", str(self.folder / f"{name}.conf"), "-v"]
                self.running[name] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        for port in self.ports.values():
            until(lambda port=port: _listens(port), seconds=90, what="a server of the object store")

    def stop(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()

    def make_bucket(self) -> None:
        options = bucket_storage(self.url)["OPTIONS"]
        client = boto3.client(
            "s3",
            endpoint_url=options["endpoint_url"],
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name=options["region_name"],
            config=options["client_config"],
        )
        client.create_bucket(Bucket=BUCKET)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """A store with an empty bucket; skips the test where Swift is not installed."""
    if not all(shutil.which(f"swift-{name}-server") for name in SERVERS):
        pytest.skip(MISSING)
    with ExitStack() as ending:
        store = ObjectStore(folder)
        ending.callback(store.stop)
        store.start()
        store.make_bucket()
        yield store


def storages_with(store: ObjectStore) -> dict[str, object]:
    """The setting STORAGES with the attachments there."""
    return {**settings.STORAGES, "default": bucket_storage(store.url)}
