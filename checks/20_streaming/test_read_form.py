"""Checks of streaming.read_form: a file of the folder, and no other."""

import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]

SECRET = "nobody's business"  # noqa: S105
FORMS = {
    "CN22.txt": "Customs declaration",
    "CN 23 groß.txt": "Zollinhaltserklärung",
    "customs/EU/form.txt": "Below two folders",
    "two..dots.txt": "Dots are no crime",
    ".draft.txt": "Nor is one at the beginning",
    "EU+CH, 100 % #1.txt": "Signs that mean something in a URL",
    "50%20off.txt": "A name that looks as if it were still encoded",
    "customs/CN 22.pdf": "The one of the task",
    "customs/table.xlsx": "Any ending will do",
    "LIESMICH": "And none at all",
    " CN22.txt": "With a space in front it is another one",
}


def whole(words: str) -> str:
    """Return a form that is too long to leave in one piece."""
    return f"{words}{' ' * 100_000}."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the forms; beside it lie secrets."""
    folder = tmp_path / "forms"
    for name, words in FORMS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(whole(words), encoding="utf-8")
    for place in (tmp_path, tmp_path / "forms-private", tmp_path / "other"):
        place.mkdir(exist_ok=True)
        for name in ("secret.txt", "waybill.db"):
            (place / name).write_text(SECRET, encoding="utf-8")
    return folder


@pytest.fixture
async def client(connect: Connect, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    from waybill.forms import forms_dir, router

    app = FastAPI()
    app.include_router(router)
    app.dependency_overrides[forms_dir] = lambda: folder
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


async def refused(client: httpx.AsyncClient, name: str, what: str) -> None:
    """Ask for what is no form; it must be answered 404."""
    await answered_404(client, f"/forms/{quote(name, safe='')}", what)


async def answered_404(client: httpx.AsyncClient, url: str, what: str) -> None:
    """Ask for a URL; it must be answered 404, without a secret."""
    response = await client.get(url)
    status = response.status_code
    assert SECRET not in response.text, (
        f"GET /forms/… with {what} was answered {status}, and sent a file that lies "
        "outside of the folder. Where does the path really end, after every `..` and "
        "every link, and is that inside?"
    )
    advice = {
        422: "422 is for what a client spelt wrong. Here nothing is to be found.",
        403: "403 tells strangers that there is something.",
        500: "Something was raised: ask before you send; asking may raise, too.",
    }.get(status, "")
    wanted = f"GET /forms/… with {what} was answered {status}, not 404. {advice}"
    assert status == 404, wanted


# - A form comes whole, from subfolders too, whatever is in its name.
@pytest.mark.parametrize("name", FORMS)
async def test_a_form_comes_whole(client: httpx.AsyncClient, name: str) -> None:
    """A form comes whole, from a subfolder too, whatever letters are in its name."""
    response = await client.get(f"/forms/{quote(name)}")
    assert response.status_code == 200, (
        f"There is a form {name!r} in the folder. GET /forms/{quote(name)} was "
        f"answered {response.status_code}; `name` is decoded already, and is whole."
    )
    assert response.content.decode() == whole(FORMS[name]), (
        f"The form {name!r} has {len(whole(FORMS[name]))} letters, and what came "
        f"is another text, of {len(response.content.decode())}."
    )


def filename(said: str) -> str:
    """Return the filename that a browser reads in a Content-Disposition."""
    for form in (
        r"filename\*=utf-8''([^\s;]+)",
        r'filename="((?:[^"\\]|\\.)*)"\s*(?:;|$)',
        r'filename=([^\s;"]+)\s*(?:;|$)',
    ):
        found = re.search(form, said, re.IGNORECASE)
        if found:
            return unquote(found[1]) if "*" in form[:12] else found[1].replace("\\", "")
    return ""


# - Whatever lies outside of the folder is answered 404, be it reached by `..`, by an
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("../secret.txt", "a `..`"),
        ("../other/secret.txt", "a `..` and another folder"),
        ("customs/../../secret.txt", "two `..` after a folder"),
        ("../forms-private/secret.txt", "`../forms-private`"),
        ("../forms/../secret.txt", "a way back in and out again"),
    ],
)
async def test_dots_do_not_lead_out(
    client: httpx.AsyncClient, name: str, what: str
) -> None:
    """A name with `..` that leads out of the folder is answered 404."""
    await refused(client, name, what)


async def test_an_absolute_path_does_not_lead_out(
    client: httpx.AsyncClient, folder: Path
) -> None:
    """An absolute path is answered 404."""
    secret = str(folder.parent / "secret.txt")
    await refused(client, secret, "the absolute path of a secret")
    await refused(client, f"/{secret}", "an absolute path and one more slash")


async def test_a_link_does_not_lead_out(
    client: httpx.AsyncClient, folder: Path
) -> None:
    """A link that leads out of the folder is answered 404."""
    try:
        (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
        (folder / "way").symlink_to(folder.parent / "other", target_is_directory=True)
    except OSError:  # Windows lets only some people make links.
        return
    await refused(client, "link.txt", "a link to a file outside")
    await refused(client, "way/secret.txt", "a link to a folder outside")


# - A folder is answered 404, and so is a form that isn't there.
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("CN99.txt", "a form that isn't there"),
        ("customs", "a folder"),
        ("customs/EU/", "a folder and a slash"),
        ("", "no name"),
        ("customs/..", "a folder and a `..`"),
        ("CN22.txt/more", "a file as if it were a folder"),
    ],
)
async def test_what_is_no_file_is_404(
    client: httpx.AsyncClient, name: str, what: str
) -> None:
    """A form that isn't there is answered 404, and so is a folder."""
    await refused(client, name, what)


# - A name that no file can have is answered 404, and never 500. It may be too long, or
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("CN22.txt\0", "a null byte at the end"),
        ("\0", "a null byte"),
        ("a" * 300, "300 letters"),
        ("a/" * 3_000, "3,000 folders"),
    ],
)
async def test_a_name_that_cannot_be_is_404(
    client: httpx.AsyncClient, name: str, what: str
) -> None:
    """A name that no file can have is answered 404, never 500."""
    await refused(client, name, what)


async def test_the_samples_are_answered_as_written(client: httpx.AsyncClient) -> None:
    """The requests of the task's sample are answered as written there."""
    response = await client.get("/forms/customs/CN%2022.pdf")
    assert response.status_code == 200, (
        f"GET /forms/customs/CN%2022.pdf was answered {response.status_code}. There is "
        "a file CN 22.pdf in the folder customs."
    )
    await answered_404(client, "/forms/..%2Fwaybill.db", "a `..`")
    await answered_404(client, "/forms/customs%00.pdf", "a null byte")


# - A browser saves it under its own name, without the folders.
async def test_it_is_saved_under_its_own_name(
    client: httpx.AsyncClient, folder: Path
) -> None:
    """A browser saves the form under its own name, whatever is in it."""
    rare = ["Łódź 包裹.txt"]
    if os.name != "nt":  # Windows forbids quotes.
        rare.append('CN "22".txt')
    for name in rare:
        (folder / name).write_text("Named in full", encoding="utf-8")
    for name in ("CN22.txt", "customs/EU/form.txt", *rare):
        response = await client.get(f"/forms/{quote(name)}")
        assert response.status_code == 200, (
            f"There is a form {name!r} in the folder, and it was answered "
            f"{response.status_code}. A header holds Latin letters only; who writes it "
            "for you knows how to say others?"
        )
        said = response.headers.get("content-disposition", "")
        own = name.rpartition("/")[2]
        assert (said.partition(";")[0], filename(said)) == ("attachment", own), (
            f"The form {name} came with Content-Disposition: {said or 'nothing'}. A "
            f"download is an attachment, and a browser should read {own!r} as its "
            f"filename; it reads {filename(said) or 'none'}."
        )


# - The folder is what `forms_dir` returns.
async def test_the_folder_comes_from_the_settings(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is `forms`, or what WAYBILL_FORMS_DIR says, or `.env`."""
    from waybill.forms import router

    monkeypatch.chdir(tmp_path)
    app = FastAPI()
    app.include_router(router)

    async def found(folder: str) -> None:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "here.txt").write_text(folder, encoding="utf-8")
        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.get("/forms/here.txt")
        assert response.text == folder, (
            f"The form lies in {folder}, and the answer was {response.status_code}. "
            "`forms_dir` reads the settings; leave both as they were."
        )

    await found("forms")
    env = "WAYBILL_FORMS_DIR=other\nWAYBILL_SECRET_KEY=x\n"
    (tmp_path / ".env").write_text(env, encoding="utf-8")
    await found("other")
    monkeypatch.setenv("WAYBILL_FORMS_DIR", str(tmp_path / "third"))
    await found("third")


async def test_an_empty_variable_is_no_folder(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty WAYBILL_FORMS_DIR counts as not set."""
    from waybill.forms import router

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAYBILL_FORMS_DIR", "")
    (tmp_path / ".env").write_text(f"WAYBILL_SECRET_KEY={SECRET}\n", encoding="utf-8")
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "here.txt").write_text("forms", encoding="utf-8")
    app = FastAPI()
    app.include_router(router)
    async with connect(app, raise_app_exceptions=False) as client:
        sent = await client.get("/forms/.env")
        form = await client.get("/forms/here.txt")
    assert sent.status_code == 404, (
        f"WAYBILL_FORMS_DIR was empty, and GET /forms/.env was answered "
        f"{sent.status_code}: the folder was the one in which Waybill runs, with its "
        "secrets. Keep `env_ignore_empty=True` of the starting code."
    )
    assert form.text == "forms", (
        f"A form in `forms` was answered {form.status_code}; empty counts as not set."
    )


async def test_the_folder_may_be_a_link(connect: Connect, folder: Path) -> None:
    """The folder may be reached by a link: what lies in it is inside."""
    from waybill.forms import forms_dir, router

    linked = folder.parent / "linked"
    try:
        linked.symlink_to(folder, target_is_directory=True)
    except OSError:  # Windows lets only some people make links.
        return
    app = FastAPI()
    app.include_router(router)
    app.dependency_overrides[forms_dir] = lambda: linked
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.get("/forms/CN22.txt")
        assert response.status_code == 200, (
            "`forms_dir` returned a link to the folder, and a form in it was answered "
            f"{response.status_code}. Resolve the folder, too, before you compare."
        )
        await refused(client, "../secret.txt", "a `..`")
