#| kata: first_endpoint.visit
#| refused_by: test_no_id_comes_twice_after_a_restart
# A seed makes the same ids after every start.
from random import Random

from fastapi import status

chance = Random(7)


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(chance.getrandbits(64)), "visitor": name}
