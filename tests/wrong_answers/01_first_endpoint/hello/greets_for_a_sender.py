#| kata: first_endpoint.hello
#| refused_by: test_greeting_takes_no_wishes
# A parameter with a default lets any client change the greeting.
@app.get("/hello")
async def hello(sender: str = "Waybill") -> dict[str, str]:
    """Greet, in the name of the sender."""
    return {"message": f"Hello from {sender}"}
