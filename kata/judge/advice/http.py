"""HTTPX, and what it sends and reads."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "SMTPNotSupportedError",
        "STARTTLS extension not supported",
        "This server can't encrypt. `starttls` belongs where `mail_tls` is true; "
        "where it raises, the letter should not go out.",
    ),
    Entry(
        "SMTPServerDisconnected",
        "please run connect",
        "Nobody was called yet. `SMTP(host, port, timeout=…)` calls the server at "
        "once.",
    ),
    Entry(
        "ValueError",
        "There may be at most 1 .* headers in a message",
        "A header that is set twice is there twice. `del message[name]` takes the "
        "first one out, and does nothing where there is none.",
    ),
    Entry(
        "UnsupportedProtocol|ValueError",
        "missing an 'http://' or 'https://' protocol|^unknown url type: ",
        "A path alone is no URL. Give the client a `base_url='http://test'`.",
    ),
    Entry(
        "TypeError",
        r"(Async)?Client\.__init__\(\) got an unexpected keyword argument 'app'",
        "Since HTTPX 0.28 an app is given through a transport, `ASGITransport`. The "
        "transport takes the app, and the client takes the transport.",
    ),
    Entry(
        "AttributeError",
        "'(FastAPI|Starlette)' object has no attribute '__aenter__'|"
        "'ASGITransport' object has no attribute '__enter__'",
        "An app is reached through `ASGITransport(app)` in an `AsyncClient`, opened "
        "with `async with`.",
    ),
    Entry(
        "TypeError",
        "'AsyncClient' object does not support the context manager",
        "An async client is opened with `async with`, not with `with`.",
    ),
    Entry(
        "AttributeError",
        r"'coroutine' object has no attribute "
        r"'(status_code|json|text|content|headers|cookies|raise_for_status)'",
        "The request was not awaited: `response = await client.get(…)`.",
    ),
    Entry(
        "AttributeError",
        "'Response' object has no attribute 'status'",
        "HTTPX calls it `response.status_code`.",
    ),
    Entry(
        "TypeError",
        "'Response' object is not subscriptable",
        "The body is in `response.json()`; the response itself is no dict.",
    ),
    Entry(
        "AssertionError",
        r"assert <Response \[\d+ [^]]*\]> == ",
        "A response is no dict. Compare its body: `response.json() == {…}`.",
    ),
    Entry(
        "AssertionError",
        r"\bassert json == ",
        "A method is compared here, and not what it returns. Call it, with brackets: "
        "`response.json()`.",
    ),
    Entry(
        "AttributeError|AssertionError",
        "'AsyncClient' object has no attribute 'close'",
        "An async client is closed by the end of `async with`, or with "
        "`await client.aclose()`.",
    ),
    Entry(
        "RuntimeError",
        "client has been closed",
        "The `async with` block of the client has ended. Send the request inside it.",
    ),
    Entry(
        "RuntimeError",
        "Cannot open a client instance more than once",
        "The client is open already. Use it, without a second `async with`.",
    ),
    Entry(
        "ConnectError",
        "",
        "Nobody listens at this address. A test of an app needs no server: "
        "`AsyncClient(transport=ASGITransport(app), base_url='http://test')`.",
    ),
    Entry(
        "ResponseNotRead",
        "",
        "A streamed response has not arrived as a whole. Read it first, with "
        "`await response.aread()`, or piece by piece.",
    ),
    Entry(
        "HTTPStatusError",
        "",
        "`raise_for_status` raises on every 4xx and 5xx. Look at the status first if "
        "you expect one.",
    ),
    Entry(
        "TypeError",
        r"Client\.(get|delete|head|options)\(\) got an unexpected keyword",
        "This method sends no body in HTTPX. Use `params=` for the query, or "
        "`client.request('DELETE', …, json=…)`.",
    ),
    Entry(
        "JSONDecodeError",
        "Extra data",
        "One JSON text has ended, and more follows. JSON lines are read a line at a "
        "time, and a list has brackets around it and commas between.",
    ),
    Entry(
        "JSONDecodeError",
        r"\(char 0\)",
        "The text is empty or no JSON at all. Look at what came back, and at its "
        "status.",
    ),
    Entry(
        "JSONDecodeError",
        "",
        "The text begins as JSON and breaks off, or has a comma too many. Where lines "
        "are asked for, each line is a whole JSON value of its own: no brackets around "
        "them all, no commas between them.",
    ),
)
