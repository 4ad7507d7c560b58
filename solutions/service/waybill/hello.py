"""Waybill's front desk: the first small app."""

from uuid import uuid4

from fastapi import FastAPI, status

from waybill import rates

# kata: first_endpoint.app
app = FastAPI(title="Waybill", version="1.0.0")


# kata: first_endpoint.hello
@app.get("/hello")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}


# kata: first_endpoint.visit
@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}


# kata: first_endpoint.docs
@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open",
    response_description="Opening hours by day",
)
async def opening_hours() -> dict[str, str]:
    """Regular hours. All times are local to the depot."""
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}


# kata: requests.front_desk
app.include_router(rates.router)
