"""Which passwords are good enough: long, not the login, not among the first that anybody would try. Pure."""

from chassis.errors import InvalidError, RefusalError

SHORTEST = 10
LONGEST_BYTES = 1024
FEWEST_SIGNS = 4

# Compared without spaces and signs: "Pass-Word 1234" is no better than "password1234".
_TRIVIAL = frozenset({
    "onnarademo2026", "passwordpassword", "adminadmin", "administrator", "iloveyou", "letmein", "changeme", "welcome",
    "비밀번호", "패스워드", "관리자", "대한민국", "password", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "admin",
    "onnara", "test", "user", "guest", "root", "abcd", "abc", "rhksflwk", "qlalfqjsgh",
})  # fmt: skip
_ROWS = ("0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def judge(new: str, login: str, old: str) -> RefusalError | None:
    """Why a new password is refused; None: it is good enough. login, old: what it must not be."""
    if len(new.encode()) > LONGEST_BYTES:
        return InvalidError("password-too-long", params={"most": LONGEST_BYTES}, field="new_password")
    if len(new) < SHORTEST:
        return InvalidError("password-too-short", params={"least": SHORTEST}, field="new_password")
    if new == old:
        return InvalidError("password-unchanged", field="new_password")
    core, name = _core(new), _core(login)
    if core in {name, name[::-1], name + name} or core.strip("0123456789") in {name, *login.lower().split(".")}:
        return InvalidError("password-is-login", field="new_password")
    if len(set(new.casefold())) < FEWEST_SIGNS or _trivial(core):
        return InvalidError("password-trivial", field="new_password")
    return None


def _core(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _trivial(core: str) -> bool:
    """Well-known words with or without digits, or a run along the alphabet or keyboard."""
    runs = any(core in row or core in row[::-1] for row in _ROWS) if core else False
    return core in _TRIVIAL or core.strip("0123456789") in _TRIVIAL or runs
