"""Forms: files that senders download."""

from collections.abc import Callable
from pathlib import Path

import pytest
from httpx import AsyncClient

from waybill.tables import Account


# needs: database.open_database streaming.read_form streaming.forms_api
@pytest.fixture
def forms(apart: None) -> Path:
    """The folder of the forms, with one in it, and something beside it."""
    folder = Path("forms")
    folder.mkdir()
    (folder / "customs.txt").write_text("Customs", encoding="utf-8")
    Path("secret.txt").write_text("secret", encoding="utf-8")
    return folder


async def test_a_form_can_be_downloaded(
    forms: Path, client: AsyncClient, ask_as: Callable[[Account], None], lena: Account
) -> None:
    ask_as(lena)
    response = await client.get("/v1/forms/customs.txt")
    assert response.text == (forms / "customs.txt").read_text(encoding="utf-8")
    assert "customs.txt" in response.headers["Content-Disposition"]


@pytest.mark.usefixtures("forms")
@pytest.mark.parametrize(
    "name",
    ["none.txt", "%2E%2E/secret.txt", "..%2Fsecret.txt", "a%00b", "x" * 5000, ""],
)
async def test_a_name_that_is_no_form_is_not_there(
    name: str, client: AsyncClient, ask_as: Callable[[Account], None], lena: Account
) -> None:
    ask_as(lena)
    response = await client.get(f"/v1/forms/{name}")
    assert response.status_code == 404
    assert "secret" not in response.text


async def test_an_empty_variable_is_no_folder(
    forms: Path,
    client: AsyncClient,
    ask_as: Callable[[Account], None],
    lena: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WAYBILL_FORMS_DIR", "")
    ask_as(lena)
    assert (await client.get("/v1/forms/secret.txt")).status_code == 404
    assert (await client.get(f"/v1/forms/{forms / 'customs.txt'}")).status_code == 404
    assert (await client.get("/v1/forms/customs.txt")).status_code == 200
