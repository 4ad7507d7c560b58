"""The environment of whatever runs checks: the same on every machine.

What a machine's owner has set for other programs, a proxy or certificates, a zone or a
language, changes what a service does. So nothing of it gets through but what is named
here, and that is what a process needs to start and to find its files.
"""

import os
import site
from pathlib import Path

import kata
from kata.workspace.development import DEVELOPMENT

NEEDED = (
    *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TMP", "TEMP"),
    # Where the libraries of Python itself lie in an unusual place.
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
    # Without these, programs on Windows do not find the system, or the user's files.
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERNAME"),
    *("USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA"),
    *("PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432"),
    *("NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
)
"""The variables that are passed on."""
FIXED = {
    "COLUMNS": "80",
    "LANG": "C.UTF-8",
    "NO_COLOR": "1",
    # Else macOS and Windows would name the proxy that is set for the whole system.
    "NO_PROXY": "*",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    # A learner's Waybill is not in production.
    **DEVELOPMENT,
}
"""The variables that are the same everywhere."""
UMASK = 0o022
"""What files that a check writes may not be; the same everywhere, too."""


def clean_environment() -> dict[str, str]:
    """Return the environment for a process that runs checks."""
    passed_on = {
        name: value for name, value in os.environ.items() if name.upper() in NEEDED
    }
    return passed_on | _where_installed() | FIXED


def environment_of_a_run(folder: Path) -> dict[str, str]:
    """Return the environment of one run, whose files lie in a folder and go with it.

    Elsewhere, pytest would look through what it and others have left there before. And
    nobody is trusted who could only be met on the internet: to read the certificates of
    all the world takes a client of httpx 20 ms.
    """
    here = str(folder)
    return clean_environment() | {"PYTEST_DEBUG_TEMPROOT": here, "SSL_CERT_DIR": here}


def _where_installed() -> dict[str, str]:
    """Return the variable through which Python finds this package, if it needs one."""
    home = Path(kata.__file__).resolve().parent.parent
    path = os.environ.get("PYTHONPATH", "")
    # A child may start in another folder.
    entries = [os.path.abspath(entry) for entry in path.split(os.pathsep) if entry]  # noqa: PTH100 - it keeps links
    if any(Path(entry).resolve() == home for entry in entries):
        return {"PYTHONPATH": os.pathsep.join(entries)}
    base = os.environ.get("PYTHONUSERBASE")
    if base and Path(site.getusersitepackages()).resolve() == home:
        return {"PYTHONUSERBASE": base}
    return {}
