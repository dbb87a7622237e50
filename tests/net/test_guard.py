"""No connection is made to an address that is not public: the test listens."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from connectors.net import FetchPolicy, blocked_reason, blocked_url

PUBLIC = FetchPolicy()

BLOCKED_ADDRESSES = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
]

PUBLIC_ADDRESSES = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "192.0.1.1",
    "2606:2800:220:1:248:1893:25c8:1946",
    "2a00:1450:4001:82a::200e",
    "::ffff:8.8.8.8",
]

TRICK_URLS = {
    "decimal": "http://2130706433:{port}/",
    "octal": "http://0177.0.0.1:{port}/",
    "octal in one": "http://017700000001:{port}/",
    "hexadecimal": "http://0x7f000001:{port}/",
    "hexadecimal parts": "http://0x7f.0.0.0x1:{port}/",
    "short": "http://127.1:{port}/",
    "shortest": "http://0:{port}/",
    "trailing dot": "http://127.0.0.1.:{port}/",
    "leading zeros": "http://127.000.000.001:{port}/",
    "full-width digits": "http://１２７.０.０.１:{port}/",
    "circled digits": "http://①②⑦.⓪.⓪.①:{port}/",
    "ideographic dots": "http://127。0。0。1:{port}/",
    "half-width dots": "http://127｡0｡0｡1:{port}/",
    "the name": "http://localhost:{port}/",
    "the name, upper case": "http://LOCALHOST:{port}/",
    "the name with a dot": "http://localhost.:{port}/",
    "circled letters": "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "IPv6": "http://[::1]:{port}/",
    "IPv6 in full": "http://[0:0:0:0:0:0:0:1]:{port}/",
    "mapped": "http://[::ffff:127.0.0.1]:{port}/",
    "mapped, hexadecimal": "http://[::ffff:7f00:1]:{port}/",
    "compatible": "http://[::127.0.0.1]:{port}/",
    "scoped": "http://[::1%25lo]:{port}/",
    "credentials": "http://example.org@127.0.0.1:{port}/",
    "credentials, long": "http://example.org:80@127.0.0.1:{port}/",
    "backslash": "http://127.0.0.1:{port}\\@example.org/",
    "second at": "http://a@b@127.0.0.1:{port}/",
    "tab in the host": "http://127.0.\t0.1:{port}/",
    "newline": "http://127.0.0.1:{port}/\r\nHost: example.org",
    "other loopback": "http://127.0.0.2:{port}/",
    "file": "file:///etc/passwd",
    "ftp": "ftp://127.0.0.1:{port}/",
    "gopher": "gopher://127.0.0.1:{port}/_GET",
    "no scheme": "//127.0.0.1:{port}/",
    "javascript": "javascript:fetch('http://127.0.0.1:{port}/')",
    "data": "data:text/html,hello",
    "no host": "http:///path",
    "port beyond range": "http://127.0.0.1:99999/",
    "unclosed bracket": "http://[::1:{port}/",
}


class FixedResolver(AbstractResolver):
    """Gives the answers it was told, one list after the other; the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("address", BLOCKED_ADDRESSES)
def test_a_special_address_is_blocked(address):
    assert blocked_reason(address, 80, PUBLIC)


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_may_be_contacted_on_the_web_ports_only(address):
    assert blocked_reason(address, 80, PUBLIC) is None
    assert blocked_reason(address, 443, PUBLIC) is None
    assert blocked_reason(address, 8080, PUBLIC) == "port 8080 of a public address"


def test_an_allowed_network_may_be_contacted_on_any_port():
    policy = FetchPolicy(allow_addresses=("10.1.0.0/16", "::1"))
    assert blocked_reason("10.1.2.3", 9200, policy) is None
    assert blocked_reason("::ffff:10.1.2.3", 9200, policy) is None
    assert blocked_reason("::1", 1, policy) is None
    assert blocked_reason("10.2.0.1", 80, policy)
    assert blocked_reason("8.8.8.8", 9200, policy)


@given(st.ip_addresses())
def test_nothing_that_is_not_global_passes(address):
    if not address.is_global or address.is_multicast:
        assert blocked_reason(str(address), 80, PUBLIC)


@given(st.text(max_size=60))
def test_any_text_for_an_address_is_judged_and_never_raises(text):
    blocked_url("http://" + text, PUBLIC)
    blocked_url(text, PUBLIC)
    assert blocked_reason(text, 80, PUBLIC) is None or blocked_reason(text, 80, PUBLIC)


@pytest.mark.parametrize("name", TRICK_URLS)
def test_a_trick_url_reaches_nobody(name, make_server, make_fetcher):
    listeners = [make_server("127.0.0.1")]
    fetcher = make_fetcher(allow_addresses=())
    answer = fetcher.fetch(TRICK_URLS[name].format(port=listeners[0].port))
    assert answer.outcome == "blocked_address", answer
    assert sum(listener.connections for listener in listeners) == 0


@pytest.mark.parametrize("address", [a for a in BLOCKED_ADDRESSES if "%" not in a])
def test_a_name_that_resolves_to_a_special_address_is_not_contacted(
    address, make_server, make_fetcher
):
    listener = make_server("127.0.0.1")
    fetcher = make_fetcher(resolver=FixedResolver([address]), allow_addresses=("203.0.113.99/32",))
    answer = fetcher.fetch(f"http://news.example.org:{listener.port}/")
    assert answer.outcome == "blocked_address", answer
    assert listener.connections == 0


def test_a_name_that_is_rebound_between_two_fetches_is_blocked(server, make_server, make_fetcher):
    server.answer("/", b"fine")
    hidden = make_server("127.0.0.2")
    resolver = FixedResolver(["127.0.0.1"], ["127.0.0.2"])
    fetcher = make_fetcher(resolver=resolver)
    assert fetcher.fetch(f"http://a.example.org:{server.port}/").outcome == "ok"
    assert fetcher.fetch(f"http://b.example.org:{hidden.port}/").outcome == "blocked_address"
    assert hidden.connections == 0


def test_of_a_name_with_several_addresses_only_the_allowed_one_is_contacted(server, make_fetcher):
    server.answer("/", b"fine")
    fetcher = make_fetcher(resolver=FixedResolver(["127.0.0.2", "127.0.0.1"]))
    assert fetcher.fetch(f"http://a.example.org:{server.port}/").outcome == "ok"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_special_address_is_not_followed(status, server, make_server, make_fetcher):
    hidden = make_server("127.0.0.2")
    url = server.answer("/go", status=f"{status} Go", headers=f"Location: {hidden.url('/')}\r\n")
    assert make_fetcher().fetch(url).outcome == "blocked_address"
    assert hidden.connections == 0


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://u:p@127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/",
        "//127.0.0.2/",
    ],
)
def test_a_redirect_out_of_the_web_is_not_followed(target, server, make_fetcher):
    url = server.answer("/go", status="302 Go", headers=f"Location: {target}\r\n")
    assert make_fetcher().fetch(url).outcome == "blocked_address"


def test_robots_txt_is_guarded_too(server, make_server, make_fetcher):
    hidden = make_server("127.0.0.2")
    server.answer("/robots.txt", status="302 Go", headers=f"Location: {hidden.url('/')}\r\n")
    url = server.answer("/a", b"fine")
    assert make_fetcher(obey_robots=True).fetch(url).outcome == "blocked_address"
    assert hidden.connections == 0


def test_behind_a_proxy_literal_addresses_are_still_refused(server, make_fetcher):
    fetcher = make_fetcher(proxy=server.url(""), allow_addresses=())
    assert fetcher.fetch("http://127.0.0.1/").outcome == "blocked_address"
    assert fetcher.fetch("http://localhost/").outcome == "blocked_address"
    assert server.connections == 0


def test_a_proxy_is_asked_for_a_public_page(server, make_fetcher):
    server.answer("http://93.184.215.14/a", b"through the proxy")
    fetcher = make_fetcher(proxy=server.url(""), allow_addresses=())
    answer = fetcher.fetch("http://93.184.215.14/a")
    assert (answer.outcome, answer.body) == ("ok", b"through the proxy")
