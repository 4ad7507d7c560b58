#| kata: first_endpoint.visit
#| refused_by: test_visit_is_created
# Flask's way: here it makes a list, with status 200.
from uuid import uuid4


@app.post("/visits")
async def sign_in(name: str) -> tuple[dict[str, str], int]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}, 201
