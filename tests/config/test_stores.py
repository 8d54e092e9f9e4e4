"""The addresses of a bucket and of a standby: what is refused without telling secrets, and what each comes to."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.stores import bucket_storage, replica_settings

SECRET = "geheim123"


@pytest.mark.parametrize(
    "address",
    [
        "https://key:geheim123@store/bucket",
        "s3://store/bucket",
        "s3://key:geheim123@store",
        "s3://key:geheim123@object_store/bucket",
        "s3://key:geheim123[@store/bucket",
        "s3://key:geheim123／@store/bucket",
    ],
)
def test_an_address_that_is_none_is_refused_without_its_secret(address: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        bucket_storage(address)
    assert SECRET not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_an_address_gives_key_place_and_bucket() -> None:
    options = bucket_storage("s3://key:a%2Fb@store:9000/bucket?region=cn-1")["OPTIONS"]
    found = {name: options[name] for name in ("access_key", "secret_key", "bucket_name", "endpoint_url", "region_name")}
    assert list(found.values()) == ["key", "a/b", "bucket", "https://store:9000", "cn-1"]


def test_a_standby_keeps_what_its_own_address_says() -> None:
    primary = {"HOST": "one", "CONN_MAX_AGE": 60, "OPTIONS": {"options": "-c jit=off", "sslrootcert": "/one.pem"}}
    own = {"HOST": "two", "OPTIONS": {"sslmode": "verify-full", "sslrootcert": "/two.pem"}}
    found = replica_settings(primary, own)
    assert (found["HOST"], found["CONN_MAX_AGE"]) == ("two", 0)
    assert (found["OPTIONS"]["sslmode"], found["OPTIONS"]["sslrootcert"]) == ("verify-full", "/two.pem")
    assert found["OPTIONS"]["options"] == "-c jit=off -c statement_timeout=10s"


def test_behind_a_pooler_nothing_goes_with_the_connection() -> None:
    assert "options" not in replica_settings({"OPTIONS": {}}, {"HOST": "two"})["OPTIONS"]
