#| kata: streaming.read_form
#| refused_by: test_it_is_saved_under_its_own_name
# The browser shows the form.
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status
from fastapi.responses import FileResponse
from pydantic_settings import BaseSettings, SettingsConfigDict

router = APIRouter(prefix="/forms")


class FormSettings(BaseSettings):
    """Where the forms lie; WAYBILL_FORMS_DIR changes it."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
    )

    forms_dir: Path = Path("forms")


def forms_dir() -> Path:
    """Return the folder of the forms."""
    return FormSettings().forms_dir


@router.get("/{name:path}", response_class=FileResponse)
def read_form(name: str, folder: Annotated[Path, Depends(forms_dir)]) -> FileResponse:
    """Send a form; a name that leads out of the folder is not there."""
    not_found = HTTPException(status.HTTP_404_NOT_FOUND, "There is no such form.")
    try:
        path = (folder / name).resolve()
        is_form = path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):  # a name too long, or with a null byte
        raise not_found from None
    if not is_form:
        raise not_found
    return FileResponse(path)
