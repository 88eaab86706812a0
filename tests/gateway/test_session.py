"""Sessions live in the browser and can be neither read, changed nor borrowed there."""

from dataclasses import asdict, replace

from fastapi import Response
from hypothesis import given
from hypothesis import strategies as st

from gateway.seal import Seal
from gateway.session import COOKIE, MAX_AGE, Memory, Session, anonymous, read, write

SEAL = Seal("one secret")
TEXT = st.text(max_size=20)


@given(TEXT, TEXT, TEXT)
def test_a_session_comes_back_as_it_went(name: str, token: str, language: str) -> None:
    session = replace(anonymous(language), name=name, session_token=token)
    assert read(SEAL.close(asdict(session)), SEAL) == session


def test_a_session_with_capacities_comes_back(official: Session) -> None:
    assert read(SEAL.close(asdict(official)), SEAL) == official


@given(st.integers(min_value=0, max_value=120))
def test_a_changed_cookie_is_no_session(place: int) -> None:
    cookie = SEAL.close(asdict(anonymous()))
    letter = "A" if cookie[place] != "A" else "B"
    assert read(cookie[:place] + letter + cookie[place + 1 :], SEAL) is None


def test_a_cookie_of_another_installation_is_no_session() -> None:
    assert read(Seal("another secret").close(asdict(anonymous())), SEAL) is None


def test_an_old_cookie_is_no_session() -> None:
    import time

    from cryptography.fernet import Fernet

    old = SEAL._fernet.encrypt_at_time(b'{"key": "k", "csrf": "c", "capacities": []}', int(time.time()) - MAX_AGE - 60)
    assert isinstance(SEAL._fernet, Fernet)
    assert read(old.decode(), SEAL) is None


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    response = Response()
    write(response, anonymous(), SEAL, secure=True)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}


def test_the_token_cannot_be_read_from_the_cookie(official: Session) -> None:
    assert official.session_token not in SEAL.close(asdict(official))


def test_memory_forgets_the_session_unused_longest() -> None:
    memory = Memory(limit=2)
    first, second, third = anonymous(), anonymous(), anonymous()
    for session in (first, second, first, third):
        memory.of(session).opened.add(session.key)
    assert memory.of(first).opened == {first.key}
    assert memory.of(second).opened == set()
