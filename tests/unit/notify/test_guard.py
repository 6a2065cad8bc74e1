"""Where a webhook may not lead."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from promesa.notify.channels import ChannelUnavailableError
from promesa.notify.guard import UnsafeUrlError, UrlPolicy, check_url, is_public, resolve

STRANGER, OWN = UrlPolicy(), UrlPolicy(allows_private=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.1.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::1",
    ],
)
def test_private_addresses_are_known_in_every_wrapping(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "200.27.0.1", "2606:4700:4700::1111"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https:///path",
        "https://user:pass@example.com/",
        "https://example.com:99999/",
        "https://" + "a" * 2001,
        "https://[::1",
        "javascript:alert(1)",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://0x7f.1/",
    ],
)
async def test_what_is_not_https_and_public_is_refused(url: str) -> None:
    with pytest.raises((UnsafeUrlError, ChannelUnavailableError)):
        await resolve(url, STRANGER)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https://x.internal/"]
)
def test_a_private_target_is_refused_when_it_is_entered(url: str) -> None:
    with pytest.raises(UnsafeUrlError):
        check_url(url, STRANGER)
    check_url(url, OWN)


def test_a_public_name_is_let_in_before_it_is_resolved() -> None:
    check_url("https://hooks.example.com/promesa?x=1", STRANGER)


async def test_an_operators_own_network_is_let_through_and_the_name_is_kept() -> None:
    target = await resolve("http://localhost:8123/hook?a=1", OWN)
    assert target.address.is_loopback
    assert target.host_header == "localhost:8123"
    assert target.url.endswith(":8123/hook?a=1")
    assert "localhost" not in target.url


async def test_a_name_nobody_knows_may_be_known_later() -> None:
    with pytest.raises(ChannelUnavailableError):
        await resolve("https://nobody.invalid/", STRANGER)
