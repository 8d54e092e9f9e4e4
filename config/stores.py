"""The object store of the attachments as FILES_URL names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from botocore.config import Config

SCHEMES = {"s3": "https", "s3+http": "http"}
REGION = "us-east-1"


def bucket_storage(url: str) -> dict[str, Any]:
    """The entry of STORAGES for s3://KEY:SECRET@HOST/BUCKET?region=…, over https; s3+http:// is plain.

    Raises ImproperlyConfigured, without the secret, for anything else.
    """
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if parts.scheme not in SCHEMES or not (parts.hostname and parts.username and parts.password and bucket):
        raise ImproperlyConfigured("FILES_URL must be s3://KEY:{password}@HOST/BUCKET, or s3+http:// without TLS.")
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
