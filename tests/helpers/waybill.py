"""A client of the finished service: who signs up, and what they hand in."""

import httpx
from fastapi import status

PASSWORD = "a horse, a battery and a staple"
PARCEL = {
    "to": {
        "name": "Lena Vogt",
        "street": "Torstraße 12",
        "city": "Berlin",
        "postcode": "10119",
        "country": "DE",
    },
    "weight_g": 750,
    "value": "19.90",
}


def answers(url: str) -> bool:
    """Tell whether a service answers."""
    try:
        return httpx.get(f"{url}/health").is_success
    except httpx.TransportError:
        return False


def signed_in(client: httpx.Client, email: str) -> dict[str, str]:
    """Sign somebody up and in; return the headers that prove it."""
    who = {"email": email, "password": PASSWORD}
    assert client.post("/accounts", json=who).status_code == status.HTTP_201_CREATED
    form = {"username": email, "password": PASSWORD}
    token = client.post("/token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}
