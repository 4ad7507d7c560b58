"""What an exported service has around it: packaging, a README, a container."""

import sys
from collections.abc import Sequence

from kata.course.pins import required_python

IGNORED = """\
__pycache__/
.pytest_cache/
.venv/
dist/
*.db
.env
"""
ENV_EXAMPLE = """\
# For your own machine: copy this file to .env, which stays out of git and of the image.
WAYBILL_ENVIRONMENT=development

# Without that line it is a server for everybody, and starts with a key of its own only:
# python -c "import secrets; print(secrets.token_urlsafe(32))"
# WAYBILL_SECRET_KEY=
"""
KEY = 'WAYBILL_SECRET_KEY="$(openssl rand -hex 32)"'
DOCKERIGNORED = f"""\
.git/
tests/
{IGNORED}"""


def project(
    *,
    app: str,
    needs: Sequence[str],
    test_needs: Sequence[str],
    backend: Sequence[str],
    settings: bool,
) -> dict[str, str]:
    """Return the files of a project, by path. Without an app there is no container."""
    files = {
        "pyproject.toml": _pyproject(needs, test_needs, backend),
        "README.md": _readme(app, tests=bool(test_needs), settings=settings),
        ".gitignore": IGNORED,
    }
    if settings:
        files[".env.example"] = ENV_EXAMPLE
    if app:
        files |= {"Dockerfile": _dockerfile(app), ".dockerignore": DOCKERIGNORED}
    return files


def _pyproject(
    needs: Sequence[str], test_needs: Sequence[str], backend: Sequence[str]
) -> str:
    text = f"""\
[build-system]
requires = [{_quoted(backend or ["hatchling"])}]
build-backend = "hatchling.build"

[project]
name = "waybill"
version = "1.0.0"
description = "Waybill: a parcel-tracking API."
readme = "README.md"
requires-python = "{required_python()}"
dependencies = [{_listed(needs)}]
"""
    if test_needs:
        text += f"""
[project.optional-dependencies]
test = [{_listed(test_needs)}]

[tool.pytest.ini_options]
testpaths = ["tests"]
anyio_mode = "auto"
"""
    return f"""{text}
[tool.hatch.build.targets.wheel]
packages = ["waybill"]
"""


def _readme(app: str, *, tests: bool, settings: bool) -> str:
    extra = "[test]" if tests else ""
    parts = [
        f"""\
# Waybill

A parcel-tracking API, made with FastAPI.

```bash
python -m venv .venv
.venv/bin/pip install -e ".{extra}"     # Windows: .venv\\Scripts\\pip
"""
    ]
    if settings:
        parts.append("cp .env.example .env\n")
    if app:
        parts.append(f".venv/bin/uvicorn {app} --reload\n")
    if tests:
        parts.append(".venv/bin/python -m pytest\n")
    parts.append("```\n")
    if app:
        key = f" -e {KEY}" if settings else ""
        parts.append(
            f"""
Its docs: http://127.0.0.1:8000/docs

In a container:

```bash
docker build -t waybill .
docker run --rm -p 8000:8000{key} waybill
```
"""
        )
    if settings:
        parts.append(
            """
What may differ between the places where it runs stands in `waybill/settings.py`; each
setting can come from a variable of the environment or from a file `.env`. With nothing
set it is a server for everybody: it shows no docs, and needs a key to start. Give it
the same key each time, or everybody has to sign in again.
"""
        )
    return "".join(parts)


def _dockerfile(app: str) -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return f"""\
FROM python:{version}-slim

WORKDIR /build
COPY pyproject.toml README.md ./
COPY waybill ./waybill
RUN pip install --no-cache-dir . && useradd --create-home waybill

# Not root, in a folder it may write to.
USER waybill
WORKDIR /home/waybill
EXPOSE 8000
CMD ["uvicorn", "{app}", "--host", "0.0.0.0", "--port", "8000"]
"""


def _listed(pins: Sequence[str]) -> str:
    return "\n" + "".join(f'  "{pin}",\n' for pin in pins) if pins else ""


def _quoted(pins: Sequence[str]) -> str:
    return ", ".join(f'"{pin}"' for pin in pins)
