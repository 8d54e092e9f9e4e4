"""What the desk stores in and reads from besides its database: the bucket of the attachments, and a hot standby."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from botocore.config import Config

SCHEMES = {"s3": "https", "s3+http": "http"}
REGION = "us-east-1"
NO_ADDRESS = "FILES_URL must be s3://KEY:{password}@HOST/BUCKET, or s3+http:// without TLS."


def bucket_storage(url: str) -> dict[str, Any]:
    """The entry of STORAGES for s3://KEY:SECRET@HOST/BUCKET?region=…, over https; s3+http:// is plain.

    Raises ImproperlyConfigured, without the secret, for anything else.
    """
    parts = _parts(url)
    bucket = parts.path.strip("/")
    if parts.scheme not in SCHEMES or not (parts.hostname and parts.username and parts.password and bucket):
        raise ImproperlyConfigured(NO_ADDRESS)
    if "_" in parts.hostname:
        raise ImproperlyConfigured("FILES_URL: a host of an object store has no underscore in its name.")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "bucket_name": bucket,
            "endpoint_url": f"{SCHEMES[parts.scheme]}://{parts.netloc.rpartition('@')[2]}",
            "region_name": parse_qs(parts.query).get("region", [REGION])[0],
            "client_config": _client(),
        },
    }


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        # Its words may hold the secret.
        raise ImproperlyConfigured(NO_ADDRESS) from None


def replica_settings(primary: Mapping[str, Any], replica: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of DATABASES for a hot standby: as the primary's, but for what its own address says.

    Each page opens a connection of its own: one that is open already to a host that stopped answering would hold the
    page for as long as the kernel tries, and opening a new one gives up after 2 seconds.
    """
    options = {**primary.get("OPTIONS", {}), **replica.get("OPTIONS", {}), "connect_timeout": 2}
    settings = [found.get("OPTIONS", {}).get("options", "") for found in (replica, primary)]
    if any(settings):
        options["options"] = " ".join([*filter(None, settings), "-c statement_timeout=10s"])
    options |= {"tcp_user_timeout": 5000}
    return {**primary, **replica, "CONN_MAX_AGE": 0, "OPTIONS": options, "TEST": {"MIRROR": "default"}}


def _client() -> Config:
    """A page waits for it: seconds, and one further try. What stores other than Amazon's do not know is left out."""
    # A fifth of a second of every start, for a store that few have.
    from botocore.config import Config

    return Config(
        s3={"addressing_style": "path"},
        signature_version="s3v4",
        connect_timeout=3,
        read_timeout=20,
        retries={"total_max_attempts": 2, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        proxies={},
    )
