"""A proxy in front of the appliance, and the limit of requests from one address."""

import time

import pytest
from raw_http import Wire, ask, head

PROXY = '[server]\ntrusted_proxies = ["127.0.0.1"]\nallowed_hosts = ["images.example.org"]\n'


def link(answer):
    return answer.body.decode().partition('"href":"')[2].partition('"')[0]


def test_links_follow_what_a_trusted_proxy_says(make_appliance):
    appliance = make_appliance(PROXY).start()
    lines = ["X-Forwarded-Proto: https", "X-Forwarded-Host: images.example.org", "X-Forwarded-For: 192.0.2.7"]
    assert link(ask(appliance, head("GET", "/versions", *lines))) == "https://images.example.org/v2/"
    assert link(ask(appliance, head("GET", "/versions"))) == "http://localhost/v2/"


def test_a_stranger_s_forwarded_headers_are_only_text(appliance):
    lines = ["X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example", "X-Forwarded-For: junk"]
    answer = ask(appliance, head("GET", "/versions", *lines))
    assert answer.status == 200
    assert link(answer) == "http://localhost/v2/"


def test_a_forwarded_host_is_checked_like_any_other(make_appliance):
    appliance = make_appliance(PROXY).start()
    assert ask(appliance, head("GET", "/versions", "X-Forwarded-Host: evil.example")).status == 421


@pytest.mark.parametrize("line", ["X-Forwarded-For: junk", "X-Forwarded-Proto: gopher", "X-Forwarded-Host: a b",
                                  "X-Forwarded-For: " + ", ".join(["127.0.0.1"] * 50)])
def test_nonsense_of_a_proxy_is_refused(make_appliance, line):
    appliance = make_appliance(PROXY).start()
    answer = ask(appliance, head("GET", "/versions", line))
    assert answer.status == 400
    assert b"trusted_proxies" in answer.body


def test_an_address_that_asks_too_much_is_refused_and_others_are_not(make_appliance):
    appliance = make_appliance(PROXY + "requests_per_address = 1\nrequests_per_address_burst = 20\n").start()

    def statuses(address, times):
        return [ask(appliance, head("GET", "/healthz", f"X-Forwarded-For: {address}")).status for _ in range(times)]

    begin = time.monotonic()
    with Wire(appliance) as wire:
        wire.send(200 * head("GET", "/healthz", "X-Forwarded-For: 192.0.2.7"))
        served = 0
        while (status := wire.answer().status) == 200:
            served += 1
    assert status == 429
    assert 20 <= served <= 21 + time.monotonic() - begin
    assert statuses("192.0.2.8", 5) == [200] * 5
    assert statuses("127.0.0.1", 100) == [200] * 100
    refused = ask(appliance, head("GET", "/healthz", "X-Forwarded-For: 203.0.113.1, 192.0.2.7"))
    if refused.status == 429:
        assert int(refused.headers["retry-after"]) > 0
        assert b"192.0.2.7" in refused.body
    # Without the header the request comes from the proxy itself, which has no limit.
    assert [ask(appliance, head("GET", "/healthz")).status for _ in range(50)] == [200] * 50


@pytest.mark.parametrize("value", ["proxy.example", "10.0.0.5/8", "10.0.0.0/33", ""])
def test_a_proxy_that_is_no_address_is_refused_at_the_start(make_appliance, value):
    appliance = make_appliance(f'[server]\ntrusted_proxies = ["{value}"]\n')
    done = appliance.cli("check-config", check=False)
    assert done.returncode == 1
    assert "server.trusted_proxies" in done.stderr
