"""From where a passkey is taken, and when its counter says there are two of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.passkeys import counter_goes_on, origin_taken, usable_origins


@given(st.integers(0, 65535))
def test_any_port_of_localhost_in_a_demonstration(port: int) -> None:
    usable = usable_origins("http://localhost:*", demonstration=True)
    assert origin_taken(f"http://localhost:{port}", usable)
    assert origin_taken("http://localhost", usable)


@pytest.mark.parametrize(
    "origin",
    [
        "https://localhost:8080", "http://localhost.evil.example:80", "http://evil.example:80", "http://127.0.0.1:8080",
        "http://localhost:80@evil.example", "http://localhost:80/x", "http://xlocalhost:80", "http://localhost:*", "",
        "null", "http://localhost:8080\n",
    ],
)  # fmt: skip
def test_nothing_else_is_localhost(origin: str) -> None:
    assert not origin_taken(origin, usable_origins("http://localhost:*", demonstration=True))


def test_outside_of_a_demonstration_only_what_is_named_in_full() -> None:
    usable = usable_origins(" https://onnara.example.go.kr , http://localhost:*", demonstration=False)
    assert usable == ("https://onnara.example.go.kr",)
    assert origin_taken("https://onnara.example.go.kr", usable)
    assert not origin_taken("https://onnara.example.go.kr:8443", usable)
    assert not origin_taken("http://localhost:8080", usable)


@pytest.mark.parametrize(
    "origins",
    ["onnara.example", "https://*.example", "https://onnara.example:*", "http://127.0.0.1:*", "https://a/b", "*"],
)
def test_what_is_no_origin_is_told_at_the_start(origins: str) -> None:
    with pytest.raises(ValueError, match="not an origin"):
        usable_origins(origins, demonstration=True)


@given(st.lists(st.integers(1, 5), min_size=1))
def test_a_counter_that_grows_goes_on_and_one_that_does_not_is_a_copy(steps: list[int]) -> None:
    stored = 0
    for step in steps:
        assert counter_goes_on(stored, stored + step)
        stored += step
        assert not counter_goes_on(stored, stored)
        assert not counter_goes_on(stored, stored - 1)
        assert not counter_goes_on(stored, 0)
    assert counter_goes_on(0, 0)
