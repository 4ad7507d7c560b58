"""What importing the service has changed for the whole process, not only in itself.

A child is thrown away, and with it whatever the code under test has done to Python. A
notebook's kernel is not: a timer that was set there goes off, long after the verdict.
"""

import asyncio
import builtins
import faulthandler
import importlib
import io
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

BASE = (
    *(asyncio, asyncio.events, asyncio.runners, builtins, importlib, io, json, os),
    *(os.path, Path, signal, socket, sys, threading, time),
)
"""Modules, and a class, that a notebook rests on, whatever it does."""
TRACELESS = (
    (faulthandler, "dump_traceback_later", "sets a timer"),
    (sys, "addaudithook", "listens to all that Python does"),
)
"""Functions of whose effect nothing can be seen afterwards."""
PARTS = "replaces parts of Python itself"
SEARCH = "changes where Python looks for modules"
SETTINGS = "changes how Python runs code"


class Lasting:
    """Remembers how the process was, to tell what has become of it since."""

    def __init__(self) -> None:
        self._called: set[str] = set()
        self._parts = [(one, _callables(one)) for one in BASE]
        self._threads = {*threading.enumerate()}
        self._searched = [*sys.path]
        self._state = _state()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note calls that leave no trace."""
        there = [one for one in TRACELESS if hasattr(one[0], one[1])]
        real = [getattr(module, name) for module, name, _ in there]
        for (module, name, does), function in zip(there, real, strict=True):
            setattr(module, name, self._noting(function, does))
        try:
            yield
        finally:
            for (module, name, _), function in zip(there, real, strict=True):
                setattr(module, name, function)

    def changes(self) -> list[str]:
        """Return what has changed, each as a sentence goes on: it "sets a timer"."""
        now = _state()
        found = {does for does, was in self._state.items() if now[does] != was}
        if any(_replaced(one, parts) for one, parts in self._parts):
            found.add(PARTS)
        if {*threading.enumerate()} - self._threads:
            found.add("starts a thread")
        if not all(entry in sys.path for entry in self._searched):
            found.add(SEARCH)
        return sorted(found | self._called)

    def _noting(self, function: Callable[..., Any], does: str) -> Callable[..., Any]:
        @wraps(function)
        def noted(*args: object, **kwargs: object) -> object:
            self._called.add(does)
            return function(*args, **kwargs)

        return noted


def _state() -> dict[str, object]:
    """Return the state of the process, each part by what changes it."""
    return {
        "sets a timer": _timers(),
        "decides what signals do": _signals(),
        "limits what the process may use": _limits(),
        "changes the rights that new files get": _mask(),
        "moves to another folder": _folder(),
        SEARCH: ([*sys.meta_path], [*sys.path_hooks]),
        SETTINGS: (
            *(sys.gettrace(), sys.getprofile(), sys.getrecursionlimit()),
            sys.getswitchinterval(),
        ),
    }


def _timers() -> list[bool]:
    names = ("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF")
    return [
        any(signal.getitimer(getattr(signal, name)))
        for name in names
        if hasattr(signal, name)
    ]


def _signals() -> tuple[object, ...]:
    handlers = [signal.getsignal(number) for number in signal.valid_signals()]
    # A browser has the function, and no threads that it could be about.
    can_block = hasattr(signal, "pthread_sigmask") and sys.platform != "emscripten"
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ()) if can_block else ()
    return handlers, {*blocked}


def _limits() -> list[tuple[int, int]]:
    try:
        import resource
    except ImportError:  # Windows and browsers have none
        return []
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return [resource.getrlimit(getattr(resource, name)) for name in names]


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:  # it is gone
        return ""


def _callables(one: object) -> dict[str, object]:
    return {name: value for name, value in vars(one).items() if callable(value)}


def _replaced(one: object, parts: dict[str, object]) -> bool:
    now = vars(one)
    return any(now.get(name) is not value for name, value in parts.items())
