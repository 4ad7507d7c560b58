"""The warm process: it imports the stack once, then forks a child for each job.

A fork is a copy of this process, made in a few milliseconds, with everything imported.
It runs `child.main` for one job, like the plain back end's child, and is thrown away.
So nothing that a job does can reach the next one. Rules that this rests on:

- One thread. A fork copies only the thread that calls it, and would keep for ever the
  locks that others hold.
- The service under test is never imported here.
- Everything forked here dies with this process, which dies with its client: the two
  are connected by a socket, and its end is the end.

The client sends FORK with the child's three pipes, gets the child's process id, sends
END when it has seen enough, and gets the child's exit status.

Where that socket listens, many clients share this process: each that connects gets a
fork of it to itself.
"""

import ctypes
import gc
import os
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from kata.runner.child import main as child
from kata.runner.child.errand import OPTIONS
from kata.runner.child.stack import import_stack
from kata.runner.warm import ANSWER, END, FORK

SWEEP = 2.0
"""Seconds after which what can't be killed is left alone."""
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Get warm, then serve the client at the other end of the socket, until it goes."""
    control = socket.socket(fileno=os.dup(0))
    # Ctrl+C in a terminal, and the stop button of a notebook, are the client's affair.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shared = control.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    if shared:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    warm_up()
    if shared:
        share(control)
    else:
        serve(control)


def share(listener: socket.socket) -> None:
    """Serve each client that connects, in a fork, until this process is ended."""
    while True:
        client, _ = listener.accept()
        any_left()
        if os.fork() == 0:
            listener.close()
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            try:
                serve(client)
            finally:
                os._exit(0)
        client.close()


def warm_up() -> None:
    """Import what most jobs need, by running toy checks with their pytest."""
    import_stack()
    toy = Path(__file__).parent / "child" / "rehearsal.py"
    options = [*OPTIONS, "-p", "no:cacheprovider", "--import-mode=importlib"]
    code = pytest.main(
        [*options, "-c", os.devnull, "--rootdir", str(toy.parent), str(toy)]
    )
    threads = threads_left()
    if code != pytest.ExitCode.TESTS_FAILED or threads != 1:
        raise SystemExit(f"not fit to fork: exit code {code:d}, {threads} threads")
    # Objects that the collector never looks at stay shared between all children.
    gc.collect()
    gc.freeze()


def threads_left() -> int:
    """Return how many threads there are, once those that were to end have ended."""
    deadline = time.monotonic() + SWEEP
    while (number := psutil.Process().num_threads()) > 1:
        if time.monotonic() > deadline:
            break
        time.sleep(0.001)
    return number


def serve(control: socket.socket) -> None:
    """Do what a client asks for until it closes the socket; leave nothing behind."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    # So far it could be ended at once. From here on it leaves when the socket closes.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        answer(control)
    finally:
        sweep()


def answer(control: socket.socket) -> None:
    """Fork and end children, one at a time, until the client has closed the socket."""
    pid = 0
    while True:
        request, pipes, _, _ = socket.recv_fds(control, 1, 3)
        if request == FORK:
            pid = fork_child(control, pipes)
            control.sendall(ANSWER.pack(pid))
        elif request == END:
            control.sendall(ANSWER.pack(end_child(pid)))
        else:
            return


def fork_child(control: socket.socket, pipes: list[int]) -> int:
    """Fork a child that runs one job from these pipes; return its process id."""
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            leave_home(pipes)
            child.main()
        except BaseException:  # noqa: BLE001 - nothing may unwind into the loop above
            traceback.print_exc()
        finally:
            os._exit(1)
    for pipe in pipes:
        os.close(pipe)
    return pid


def leave_home(pipes: list[int]) -> None:
    """Become what a freshly started process would be: own session, pipes, signals."""
    os.setsid()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for number, pipe in enumerate(pipes):
        os.dup2(pipe, number)
        os.close(pipe)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def end_child(pid: int) -> int:
    """Kill a child with everything it started; return its exit status."""
    started = [] if sys.platform == "linux" else descendants(pid)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)  # until it is waited for, the number is its own
    _, status = os.waitpid(pid, 0)
    send(started, signal.SIGKILL)
    sweep()
    return os.waitstatus_to_exitcode(status)


def sweep() -> None:
    """Kill all that is left: where Linux has subreapers, orphans become ours."""
    deadline = time.monotonic() + SWEEP
    while any_left() and time.monotonic() < deadline:
        left = descendants(os.getpid())
        # Stopped first, or what forks for ever would outrun the killing.
        send(left, signal.SIGSTOP)
        send(left, signal.SIGKILL)


def any_left() -> bool:
    """Collect the dead, and tell whether any child still lives."""
    pid = -1
    with suppress(ChildProcessError):
        while pid:
            pid, _ = os.waitpid(-1, os.WNOHANG)
    return pid == 0


def descendants(pid: int) -> list[psutil.Process]:
    """Return the processes that a process has started, and those that these have."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def send(processes: list[psutil.Process], number: signal.Signals) -> None:
    """Send a signal to those of the processes that are still there."""
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)


def prctl(option: int, value: int) -> None:
    """Ask the Linux kernel for something; other systems can't, and do without."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


if __name__ == "__main__":
    main()
