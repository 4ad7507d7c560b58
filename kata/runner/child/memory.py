"""A limit to the memory that a run may use, where the system has one."""

import sys

MORE = 2_000_000_000
"""Bytes of address space that a run may map beyond what it starts with."""

if sys.platform == "linux":
    import resource
    from pathlib import Path

    def limit() -> None:
        """Make every allocation beyond the limit a MemoryError."""
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        _set(pages * resource.getpagesize() + MORE)

    def lift() -> None:
        """Take the limit away, so that a MemoryError can be described."""
        _set(resource.getrlimit(resource.RLIMIT_AS)[1])

    def _set(size: int) -> None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY and size > hard:
            size = hard
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))

else:
    # macOS ignores the limit, and Windows has none for a process that is not in a job.
    def limit() -> None:
        """Do nothing: this system has no such limit."""

    def lift() -> None:
        """Do nothing: there was no limit."""
