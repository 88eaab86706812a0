"""Which passwords are good enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.passwords import SHORTEST, judge


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("short", "password-too-short"),
        ("가" * 400, "password-too-long"),
        ("mogaha.kim", "password-is-login"),
        ("Mogaha-KIM", "password-is-login"),
        ("mogahakim2026", "password-is-login"),
        ("mogaha123456", "password-is-login"),
        ("mik.ahagom", "password-is-login"),
        ("onnara-demo-2026", "password-trivial"),
        ("Password123!", "password-trivial"),
        ("1234567890", "password-trivial"),
        ("qwertyuiop", "password-trivial"),
        ("zyxwvutsrq", "password-trivial"),
        ("aaaaaaaaaaaa", "password-trivial"),
        ("비밀번호 123456", "password-trivial"),
        ("old and proven", "password-unchanged"),
    ],
)
def test_what_anybody_would_try_first(new: str, code: str) -> None:
    refusal = judge(new, "mogaha.kim", "old and proven")
    assert refusal is not None
    assert refusal.code == code


@pytest.mark.parametrize("new", ["correct horse battery", "푸른 하늘 은하수 하얀 쪽배", "x9!kQ2#pLw", "!@#$%^&*()_+"])
def test_good_ones(new: str) -> None:
    assert judge(new, "mogaha.kim", "old and proven") is None


@given(st.text(max_size=40), st.text(min_size=1, max_size=20))
def test_whatever_passes_is_long_and_is_not_the_login(new: str, login: str) -> None:
    if judge(new, login, "old and proven") is None:
        assert len(new) >= SHORTEST
        assert new.casefold() != login.casefold()
        assert len(set(new)) >= 4
