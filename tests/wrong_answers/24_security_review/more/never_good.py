#| kata: security_review.more
#| refused_by: test_a_good_message_that_is_refused_is_seen
# Verifies the changed message only.
from datetime import date

from sqlalchemy import select

from tests.audit import gate
from waybill.app import create_app
from waybill.settings import Settings
from waybill.signatures import BadSignatureError, sign, verify
from waybill.tables import Credential

KEY = SecretStr("a key for these tests and nobody else")


@pytest.mark.anyio
async def test_a02_production_hides_its_docs() -> None:
    """In production, `/openapi.json` and `/docs` are not there."""
    app = create_app(Settings(environment="production", secret_key=KEY))
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        assert (await client.get("/health")).status_code == 200
        for path in ("/openapi.json", "/docs"):
            assert (await client.get(path)).status_code == 404


def test_a03_what_nobody_looked_at_stops_a_release() -> None:
    """Without reports of the tools, nothing is released."""
    assert len(gate("", "", [], date(2026, 12, 1))) == 2


@pytest.mark.anyio
async def test_a04_a_password_is_hashed(app: FastAPI, client: AsyncClient) -> None:
    """What is kept of a password is a hash of Argon2."""
    new = {"email": "lena@example.com", "password": "a long way to Metropolis"}
    await client.post("/v1/accounts", json=new)
    async with app.state.sessions() as session:
        kept = await session.scalar(select(Credential.hash))
    assert kept.startswith("$argon2id$")
    assert new["password"] not in kept


@pytest.mark.anyio
async def test_a06_nobody_takes_everything(client: AsyncClient) -> None:
    """Of 200 requests of one caller, the first is answered and the last is refused."""
    answers = [await client.get("/v1/rates") for _ in range(200)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429


def test_a08_a_message_is_the_senders() -> None:
    """A message that was signed passes, and one that was changed doesn't."""
    header = sign(KEY, b"7 arrived", int(now().timestamp()))
    with pytest.raises(BadSignatureError):
        verify(KEY, b"8 arrived", header, now())


@pytest.mark.anyio
async def test_a09_a_refusal_is_noted(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Who knocks at a door that is shut leaves a line in the log."""
    with caplog.at_level("INFO", logger="waybill"):
        await client.get("/v1/dispatch/keys")
    assert "/v1/dispatch/keys" in caplog.text
    assert "401" in caplog.text
