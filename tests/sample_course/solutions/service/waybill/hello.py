"""Says hello."""

from fastapi import FastAPI


# kata: greeting.name
def greet(name: str) -> str:
    """Greet somebody by name."""
    return f"Hello, {name}!"


# kata: greeting.hello
app = FastAPI()


@app.get("/hello/{name}")
async def hello(name: str) -> dict[str, str]:
    """Greet over HTTP."""
    return {"message": greet(name)}
