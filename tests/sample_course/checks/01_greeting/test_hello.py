from collections.abc import Callable

import httpx

Connect = Callable[..., httpx.AsyncClient]


# - `GET /hello/{name}` answers 200 with the greeting as `message`.
async def test_answers_with_a_greeting(connect: Connect) -> None:
    """GET /hello/{name} answers 200 with a greeting."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.get("/hello/Ada")
    assert response.status_code == 200, f"It answered {response.status_code}."
    assert response.json() == {"message": "Hello, Ada!"}
