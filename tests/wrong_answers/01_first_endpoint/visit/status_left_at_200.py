#| kata: first_endpoint.visit
#| refused_by: test_visit_is_created
# No status code: FastAPI answers 200.
from uuid import uuid4


@app.post("/visits")
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}
