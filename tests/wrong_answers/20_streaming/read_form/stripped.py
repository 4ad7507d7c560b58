#| kata: streaming.read_form
#| refused_by: test_a_form_comes_whole
# Strips the name: a form that begins with a space is another one.
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status
from fastapi.responses import FileResponse
from pydantic_settings import BaseSettings, SettingsConfigDict

router = APIRouter(prefix="/forms")


class FormSettings(BaseSettings):
    """Where the forms lie; WAYBILL_FORMS_DIR changes it."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_", env_file=".env", extra="ignore"
    )

    forms_dir: Path = Path("forms")


def forms_dir() -> Path:
    """Return the folder of the forms."""
    return FormSettings().forms_dir


@router.get("/{name:path}", response_class=FileResponse)
def read_form(name: str, folder: Annotated[Path, Depends(forms_dir)]) -> FileResponse:
    """Send a form; a name that leads out of the folder is not there."""
    try:
        root = folder.resolve()
        path = (root / name.strip()).resolve()
        there = path.is_relative_to(root) and path.is_file()
    except (OSError, ValueError, RuntimeError):  # a name that no file can have
        there = False
    if not there:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such form.")
    return FileResponse(path, filename=path.name)
