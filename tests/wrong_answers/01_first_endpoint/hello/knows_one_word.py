#| kata: first_endpoint.hello
#| refused_by: test_other_paths_are_not_found
# One route for every word: POST /goodbye is told that the method is wrong.
from fastapi import HTTPException


@app.get("/{word}")
async def say(word: str) -> dict[str, str]:
    """Greet on /hello, and know no other word."""
    if word != "hello":
        raise HTTPException(status_code=404, detail="Not Found")
    return {"message": "Hello from Waybill"}
