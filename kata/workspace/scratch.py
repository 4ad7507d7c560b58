"""Throw-away copies of the service, to check something that is not kept."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from kata.source.file import parse_file
from kata.workspace.workspace import Workspace


@contextmanager
def copy_of(workspace: Workspace, texts: Iterable[str]) -> Iterator[Workspace]:
    """Make a copy of the service and its tests as they are, and remove it again.

    `texts` are the files of the course that are no Python, and go along.
    """
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        yield workspace.scratch_copy(Path(folder).resolve(), texts)


@contextmanager
def copy_without(
    katas: Sequence[str], file: str, workspace: Workspace, texts: Iterable[str]
) -> Iterator[Workspace]:
    """Make a copy whose `file` lacks the regions of these katas."""
    with copy_of(workspace, texts) as scratch:
        whole = parse_file(workspace.read(file) or "", file)
        scratch.write(file, whole.without(katas).render())
        yield scratch


@contextmanager
def holding(files: Mapping[str, str]) -> Iterator[Workspace]:
    """Make a workspace that holds these files and nothing else."""
    with tempfile.TemporaryDirectory(prefix="kata-") as folder:
        scratch = Workspace(Path(folder).resolve())
        scratch.write_all(files)
        yield scratch
