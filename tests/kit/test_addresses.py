import pytest

from penstock.kit.addresses import metadata_refusal, refusal

# Every form in which an address inside can be written as a canonical IP address (security of webhooks and
# base URLs; the forms of IPv6 are those of RFC 4291, 3056, 4380, 5214, 6052 and 8215).
INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1",  # noqa: S104
    "127.255.255.254",
    "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.254", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::",
    "::1", "::127.0.0.1", "::10.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::10.0.0.1", "100::1",
    "2001::1", "2001:0:7f00:1::80ff:fffe", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::",
    "2002:a9fe:a9fe::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "fd12:3456:789a::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
    "fe80::5efe:10.0.0.1", "2a00:1450::5efe:10.0.0.1", "2a00:1450:1:2:200:5efe:a00:1",
    "2a00:1450::5efe:8.8.8.8",
]  # fmt: skip

OUTSIDE = [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
    "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001:829::200e",
]  # fmt: skip

METADATA = [
    "169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192",
    "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::", "2a00:1450::5efe:169.254.169.254",
]  # fmt: skip


@pytest.mark.parametrize("ip", INSIDE)
def test_an_address_inside_is_refused_in_every_form(ip: str) -> None:
    assert refusal(ip)


@pytest.mark.parametrize("ip", OUTSIDE)
def test_a_public_address_is_not_refused(ip: str) -> None:
    assert refusal(ip) is None


@pytest.mark.parametrize("ip", METADATA)
def test_cloud_metadata_has_a_refusal_of_its_own_in_every_form(ip: str) -> None:
    assert metadata_refusal(ip) == "cloud metadata"
    assert refusal(ip) is not None


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.0.0.1", "::1", "fd12::1", "8.8.8.8"])
def test_ordinary_private_addresses_are_not_metadata(ip: str) -> None:
    assert metadata_refusal(ip) is None
