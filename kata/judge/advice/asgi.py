"""Middleware without a framework, and context variables."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "TypeError",
        "expected an instance of Token, got",
        "`reset` takes what `set` has returned: `token = variable.set(value)`, and "
        "later `variable.reset(token)`.",
    ),
    Entry(
        "RuntimeError",
        r"<Token.*> has already been used once",
        "A token brings back what was there before once. Call `reset` in one place, "
        "the `finally`.",
    ),
    Entry(
        "ValueError",
        r"<Token.*> was created in a different Context",
        "`set` and `reset` ran in two different tasks, each with a copy of its own. Do "
        "both in the same function, around what it awaits.",
    ),
    Entry(
        "LookupError",
        "<ContextVar name=",
        "Nothing has set this context variable here. A default is returned where "
        "nobody has: `ContextVar('name', default='-')`.",
    ),
    Entry(
        "AttributeError",
        "'list' object has no attribute 'encode'",
        "Headers of a scope are given by name: `Headers(scope=scope)`, "
        "`MutableHeaders(scope=message)`.",
    ),
    Entry(
        "TypeError",
        "'Middleware' object is not callable",
        "A `Middleware` is a class with its options, and not made yet: "
        "`cls, options, named = layer(app)`, then `cls(stack, *options, **named)`.",
    ),
    Entry(
        "TypeError",
        "'[A-Z][a-z]+[A-Za-z]*Middleware' object is not callable",
        "A middleware is called with a request: its class needs `async def "
        "__call__(self, scope, receive, send)`.",
    ),
    Entry(
        "KeyError",
        "'(status|headers)'",
        "Only the message `http.response.start` has a status and headers: ask for "
        '`message["type"]` first.',
    ),
    Entry(
        "WebSocketDisconnected|RuntimeError",
        'WebSocket is not connected. Need to call "accept" first',
        "Nothing can be received before `await websocket.accept()`.",
    ),
    Entry(
        "WebSocketDisconnected|RuntimeError",
        'Cannot call "send" once a close message has been sent',
        "The connection is closed, and something is still sent. Let one task send, and "
        "let it end after `close`.",
    ),
    Entry(
        "WebSocketDisconnected|RuntimeError",
        'Cannot call "receive" once a disconnect message',
        "`websocket.disconnect` is the last message: leave the loop when it comes.",
    ),
    Entry(
        "RuntimeError",
        'Expected ASGI message "websocket.accept"',
        "Accept first: `await websocket.accept()`. Only then can you send.",
    ),
    Entry(
        "RuntimeError",
        'Expected ASGI message "websocket.send" or "websocket.close"',
        "A connection is accepted once. To refuse it, raise before `accept`.",
    ),
    Entry(
        "KeyError",
        "'text'",
        "A message may hold `bytes` and no text: `message.get('text')` is then None. "
        "`websocket.disconnect` has neither.",
    ),
)
