"""Two weeks with the finished service: a sender, a courier, a dispatcher, a depot.

Its clock is put forward. On SQLite, and on PostgreSQL where tests have a server.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.helpers import moved_clock, postgres
from tests.helpers.served import Served, serving
from tests.helpers.waybill import PARCEL, PASSWORD

LATER = (sys.executable, "-P", moved_clock.__file__)
"""Runs a module later; without the folder of that file, which has a `waybill`, too."""
NEW_PASSWORD = "another horse, and no battery"
DAY = timedelta(days=1)


@dataclass
class Weeks:
    """A Waybill that is served, and the time there."""

    served: Served
    variables: dict[str, str]
    ahead: timedelta = timedelta()

    def pass_by(self, span: timedelta) -> None:
        """Let time pass there."""
        self.ahead += span
        file = self.served.folder / moved_clock.AHEAD
        file.write_text(str(self.ahead.total_seconds()), encoding="utf-8")

    def now(self) -> str:
        """Return the time there, as a scan tells it."""
        return (datetime.now(UTC) + self.ahead).isoformat()

    def run(self, module: str, *arguments: str) -> str:
        """Run one of Waybill's commands there; return what it prints."""
        return subprocess.run(
            [*LATER, module, *arguments],
            cwd=self.served.folder,
            env={**self.served.process.environ(), **self.variables},
            check=True,
            capture_output=True,
            text=True,
        ).stdout


@dataclass
class Phone:
    """Somebody's phone: it stays signed in, as long as its tokens are good."""

    client: httpx.Client
    email: str
    password: str = PASSWORD
    proof: dict[str, str] = field(default_factory=dict)
    refresh_token: str = ""

    def sign_in(self) -> int:
        """Sign in with the password; return what was answered."""
        form = {"username": self.email, "password": self.password}
        return self._keep(self.client.post("/token", data=form))

    def renew(self) -> int:
        """Exchange the refresh token; return what was answered."""
        form = {"refresh_token": self.refresh_token}
        return self._keep(self.client.post("/token/refresh", data=form))

    def ask(self, method: str, path: str, **body: object) -> httpx.Response:
        """Send a request as whoever is signed in."""
        json = body or None
        return self.client.request(method, path, json=json, headers=self.proof)

    def _keep(self, answer: httpx.Response) -> int:
        if answer.is_success:
            said = answer.json()
            self.proof = {"Authorization": f"Bearer {said['access_token']}"}
            self.refresh_token = said["refresh_token"]
        return answer.status_code


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def weeks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Weeks]:
    folder = tmp_path_factory.mktemp("weeks")
    (folder / moved_clock.AHEAD).write_text("0", encoding="utf-8")
    variables = {"WAYBILL_SIGN_IN_REQUESTS": "1000", "WAYBILL_LIMIT_REQUESTS": "10000"}
    if request.param == "postgres":
        if not postgres.URL:
            pytest.skip(postgres.MISSING)
        url = postgres.new_database("waybill_weeks")
        variables["WAYBILL_DATABASE_URL"] = postgres.for_sqlalchemy(url)
    with serving(folder, program=(*LATER, "uvicorn"), **variables) as served:
        yield Weeks(served, variables)


def test_everybody_does_their_part_for_two_weeks(weeks: Weeks) -> None:
    with weeks.served.client() as client:
        zoe, dora, cem = (
            Phone(client, f"{name}@example.com") for name in ("zoe", "dora", "cem")
        )
        for one in (zoe, dora, cem):
            who = {"email": one.email, "password": PASSWORD}
            assert client.post("/accounts", json=who).status_code == 201
            assert one.sign_in() == 200
        laptop = Phone(client, zoe.email)
        assert laptop.sign_in() == 200
        assert "dora@example.com" in weeks.run("waybill.promote", dora.email)
        courier = cem.ask("GET", "/me").json()["id"]
        role = dora.ask("PATCH", f"/dispatch/accounts/{courier}", role="courier")
        assert role.is_success
        made = dora.ask("POST", "/dispatch/keys", depot="HAM").json()
        scanner = Phone(client, "", proof={"Authorization": f"Bearer {made['key']}"})

        parcels: list[dict[str, object]] = []
        for _day in range(14):
            weeks.pass_by(DAY)
            for one in (zoe, dora, cem):
                assert one.ask("GET", "/me").status_code == 401  # of yesterday
                assert one.renew() == 200
            parcel = zoe.ask("POST", "/parcels", **PARCEL).json()
            parcels.append(parcel)
            path, code = f"/parcels/{parcel['id']}", parcel["tracking_code"]
            given = dora.ask("PUT", f"/dispatch{path}/courier", courier_id=courier)
            assert given.status_code == 204
            assert [
                one["id"] for one in cem.ask("GET", "/dispatch/parcels").json()
            ] == [one["id"] for one in parcels]
            scan = {"tracking_code": code, "kind": "arrived", "at": weeks.now()}
            assert scanner.ask("POST", "/scans", **scan).status_code == 201
            scan = {"depot": "HAM", "kind": "delivered", "at": weeks.now()}
            assert cem.ask("POST", f"{path}/scans", **scan).status_code == 201
            shown = client.get(f"/track/{code}").json()["scans"]
            assert [one["kind"] for one in shown] == ["arrived", "delivered"]

        scans = dora.ask("GET", "/depots/HAM/scans?limit=100").json()
        assert len(scans) == 2 * len(parcels)
        (key,) = dora.ask("GET", "/dispatch/keys").json()
        assert datetime.fromisoformat(key["last_used"]) > datetime.now(UTC) + 13 * DAY

        # The laptop was closed for two weeks, and may still renew; then the token is
        # copied, and used twice. Whoever has it, its family ends; the phone's stays.
        stolen = Phone(client, zoe.email, refresh_token=laptop.refresh_token)
        assert laptop.renew() == 200
        assert stolen.renew() == 401
        assert laptop.renew() == 401
        assert zoe.renew() == 200

        # A new password ends the phone's as well.
        new = {"old": PASSWORD, "new": NEW_PASSWORD}
        assert zoe.ask("PUT", "/me/password", **new).status_code == 204
        assert zoe.renew() == 401
        assert zoe.sign_in() == 401
        zoe.password = NEW_PASSWORD
        assert zoe.sign_in() == 200

        # Rights end at once, whatever a token says.
        account = f"/dispatch/accounts/{courier}"
        assert dora.ask("PATCH", account, role="sender").is_success
        assert cem.ask("GET", "/dispatch/parcels").status_code == 403
        assert dora.ask("PATCH", account, active=False).is_success
        assert cem.ask("GET", "/me").status_code in {401, 403}
        assert cem.renew() == 401
        prefix = made["prefix"]
        assert dora.ask("DELETE", f"/dispatch/keys/{prefix}").status_code == 204
        assert scanner.ask("POST", "/scans", **scan).status_code == 401

        # A month later nobody is signed in, and the sweep finds what is over.
        weeks.pass_by(31 * DAY)
        assert [one.renew() for one in (zoe, dora)] == [401, 401]
        assert "rows are gone" in weeks.run("waybill.sweep")
        assert weeks.run("waybill.sweep") == "0 rows are gone.\n"
        assert zoe.sign_in() == 200
        assert len(zoe.ask("GET", "/parcels?limit=100").json()) == len(parcels)
