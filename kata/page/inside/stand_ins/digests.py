"""Slow hashes: PBKDF2 in Python, and Argon2's own library without cffi."""

import ctypes
import hashlib
import hmac
import importlib
import sys
import types
from pathlib import Path
from typing import Any

ARGON2 = "_argon2_cffi_bindings"
Integer, Pointer, Size, Signed = (
    ctypes.c_uint32,
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
)


def pbkdf2_hmac(
    hash_name: str,
    password: bytes,
    salt: bytes,
    iterations: int,
    dklen: int | None = None,
) -> bytes:
    """Derive a key, as `hashlib.pbkdf2_hmac` does."""
    base = hmac.new(bytes(password), None, hash_name)
    length = dklen or base.digest_size
    out = b""
    block = 0
    while len(out) < length:
        block += 1
        found = _hmac(base, bytes(salt) + block.to_bytes(4, "big"))
        mixed = int.from_bytes(found, "big")
        for _ in range(iterations - 1):
            found = _hmac(base, found)
            mixed ^= int.from_bytes(found, "big")
        out += mixed.to_bytes(base.digest_size, "big")
    return out[:length]


def _hmac(base: hmac.HMAC, data: bytes) -> bytes:
    one = base.copy()
    one.update(data)
    return one.digest()


class _Foreign:
    """The few functions of cffi that argon2 calls, on ctypes."""

    NULL = None

    @staticmethod
    def new(kind: str, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, int):
            return ctypes.create_string_buffer(value)
        data = bytes(value)
        if kind == "char[]":
            return ctypes.create_string_buffer(data)
        return ctypes.create_string_buffer(data, max(1, len(data)))

    @staticmethod
    def string(found: Any) -> bytes:  # noqa: ANN401
        return found if isinstance(found, bytes) else bytes(found.value)

    @staticmethod
    def buffer(found: Any, length: int) -> bytes:  # noqa: ANN401
        return bytes(found.raw[:length])


class _Library:
    """The C library, loaded when the first password is hashed."""

    ARGON2_VERSION_NUMBER = 0x13
    Argon2_d, Argon2_i, Argon2_id = 0, 1, 2
    ARGON2_OK, ARGON2_VERIFY_MISMATCH = 0, -35

    def __init__(self, path: Path) -> None:
        self.path = path
        self.loaded: ctypes.CDLL | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if self.loaded is None:
            self.loaded = _typed(ctypes.CDLL(str(self.path)))
        return getattr(self.loaded, name)


def _typed(library: ctypes.CDLL) -> ctypes.CDLL:
    sizes = [Integer] * 5
    library.argon2_encodedlen.argtypes = [*sizes, Signed]
    library.argon2_encodedlen.restype = Size
    library.argon2_hash.argtypes = [
        *sizes[:3],
        *([Pointer, Size] * 4),  # type: ignore[list-item]
        *(Signed, Integer),
    ]
    library.argon2_verify.argtypes = [Pointer, Pointer, Size, Signed]
    library.argon2_error_message.restype = ctypes.c_char_p
    return library


def install() -> None:
    """Put these where Python and argon2 look for them."""
    if not hasattr(hashlib, "pbkdf2_hmac"):
        vars(hashlib)["pbkdf2_hmac"] = pbkdf2_hmac


def install_argon2(folder: Path) -> None:
    """Let argon2 find its library in a folder; it comes with a part of its own."""
    module: Any = types.ModuleType(ARGON2)
    module.ffi, module.lib = _Foreign(), _Library(folder / ARGON2 / "_ffi.so")
    sys.modules[ARGON2] = module
    for name in ("argon2._utils", "argon2._password_hasher"):
        found = vars(importlib.import_module(name))
        # Without threads the library fills its lanes one after the other: the hashes
        # are the same, and argon2 need not refuse several of them.
        if "_is_wasm" in found:
            found["_is_wasm"] = lambda: False
