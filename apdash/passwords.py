"""Passwords: their rule, and the hash that is kept instead of them."""

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from apdash.errors import ApdashError

SHORTEST = 12
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password; raises `ApdashError` under 12 characters."""
    if len(password) < SHORTEST:
        raise ApdashError(
            "Mot de passe trop court.",
            f"Il faut au moins {SHORTEST} caractères ; une phrase convient très bien.",
        )
    return _hasher.hash(password)


def is_right(hashed: str, password: str) -> bool:
    """True when this password gave this hash; takes as long either way."""
    try:
        return _hasher.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False
