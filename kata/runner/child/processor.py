"""One processor for a run, where the system lets a process choose.

Of Python's threads one runs at a time. A database's thread and the one that waits for
its answers take turns hundreds of times in a run, and each turn takes longer where a
second processor has to be woken for it, or is busy with something else.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "linux":

    def keep_to_one() -> None:
        """Stay on the processor that this process was given for its job."""
        with suppress(OSError, ValueError, IndexError):  # it only takes longer then
            stat = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace")
            # The 39th field; the second one, a name in brackets, may hold anything.
            given = int(stat.rpartition(")")[2].split()[36])
            os.sched_setaffinity(0, {given})

else:

    def keep_to_one() -> None:
        """Do nothing: here the system alone chooses."""
