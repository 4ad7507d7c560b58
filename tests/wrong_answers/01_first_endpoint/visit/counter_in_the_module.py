#| kata: first_endpoint.visit
#| refused_by: test_no_id_comes_twice_after_a_restart
# The counter begins again at 1 with every start, and in every worker.
from itertools import count

from fastapi import status

numbers = count(1)


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(next(numbers)), "visitor": name}
