"""FastAPI and Starlette."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "AssertionError",
        "non-body parameters must be in path, query, header or cookie",
        "`Field` describes the fields of a model. For a parameter of a function use "
        "`Query`, `Header`, `Cookie` or `Path`: "
        "`limit: Annotated[int, Query(le=100)] = 20`.",
    ),
    Entry(
        "TypeError",
        r"__get_pydantic_core_schema__\(\) missing 1 required positional",
        "`Header`, `Query` and the like are not types. The type comes first, and the "
        "marker after it: `language: Annotated[str, Header()] = 'en'`.",
    ),
    Entry(
        "AttributeError",
        "'(FastAPI|APIRouter)' object has no attribute 'route'",
        "FastAPI has one decorator for each HTTP method: `@app.get('/path')`, "
        "`@app.post('/path')` and so on.",
    ),
    Entry(
        "AttributeError",
        "module '.*' has no attribute '_contains_router'",
        "This is a module, and `include_router` takes a router. Name the one that is "
        "in it: `app.include_router(rates.router)`.",
    ),
    Entry(
        "TypeError",
        "'property' object does not support item assignment",
        "This is the class, and only an object has headers to set. Declare a parameter "
        "of that type, `response: Response`, and use it: `response.headers[…] = …`.",
    ),
    Entry(
        "TypeError",
        r"FastAPI\.__init__\(\) takes 1 positional argument",
        "`FastAPI` takes everything by name. Write the name in front of each value, "
        "as in `FastAPI(title=…)`.",
    ),
    Entry(
        "TypeError",
        r"FastAPI\.__call__\(\) missing 2 required positional",
        "The app itself is no decorator. Name the method and the path: "
        "`@app.get('/path')`.",
    ),
    Entry(
        "TypeError",
        r"(FastAPI|APIRouter)\.\w+\(\) got an unexpected keyword argument 'status'",
        "The parameter is called `status_code`: `@app.post('/path', status_code=201)`.",
    ),
    Entry(
        "ResponseValidationError",
        r"'input': \(.*, \d{3}\)",
        "A second value after `return` does not set the status in FastAPI: a tuple is "
        "returned. Put the status into the decorator: `status_code=201`.",
    ),
    Entry(
        "ResponseValidationError",
        r"'input': HTTPException\(",
        "An `HTTPException` that is returned is a value like any other. Raise it: "
        "`raise HTTPException(404, …)`.",
    ),
    Entry(
        "ResponseValidationError",
        r"'loc': \('response',\), .*'input': None",
        "The function returned None, although its annotation declares something "
        "else. Does every way through it end in a `return`?",
    ),
    Entry(
        "AttributeError",
        "'(Depends|Query|Header|Path|Body|Cookie|Form)' object has no attribute",
        "This function was called by hand, so FastAPI did not fill in its parameter. "
        "Pass the value yourself, or let another dependency ask for it.",
    ),
    Entry(
        "AssertionError",
        "`assert status_code is not None`",
        "The app ended without an answer. A parameter `response: Response` only takes "
        "headers and a status: set them, and return the value itself.",
    ),
    Entry(
        "RuntimeError",
        "response already started",
        "The status has been sent already, so an `HTTPException` comes too late. "
        "Check in a dependency, or before the first piece is sent.",
    ),
    Entry(
        "ResponseValidationError",
        r"'type': 'model(_attributes)?_type', 'loc': \('response', \d+\), .*'input': '",
        "The list holds texts, and models are declared. Of a dict, `sorted(…)` and "
        "`list(…)` take the keys; `.values()` are what belongs to them.",
    ),
    Entry(
        "ResponseValidationError",
        "",
        "What the function returns or yields does not fit the type after `->` (or its "
        "`response_model`). The message says in which place, and what was there.",
    ),
    Entry(
        "DependencyScopeError",
        "",
        "A dependency that lives as long as the request can't use one that ends with "
        "the function. Give both the same `scope`, or leave `scope` out of both.",
    ),
    Entry(
        "AttributeError",
        r"'State' object has no attribute",
        "Nothing has been stored under this name. What the lifespan puts into "
        "`app.state` is there only after the app has started, and the name has to be "
        "the same in both places.",
    ),
    Entry(
        "FastAPIError",
        "Invalid args for response field",
        "FastAPI can't build a schema for this type. Use a Pydantic model or a "
        "built-in type; if it is a dependency, it needs `Annotated[…, "
        "Depends(…)]`.",
    ),
    Entry(
        "FastAPIError",
        "Prefix and path cannot be both empty",
        "A route needs a path: give the router a `prefix`, or the route a path such "
        "as `'/'`.",
    ),
    Entry(
        "TypeError",
        "is not a callable object",
        "`Depends` takes the function itself, and FastAPI calls it: `Depends(get_db)`, "
        "without parentheses after the name.",
    ),
    Entry(
        "AssertionError",
        "Path parameters cannot have a default value",
        "A value in the path is always there, so it has no default. Leave out the "
        "default, or make it a query parameter.",
    ),
    Entry(
        "AssertionError",
        r"Cannot use `\w+` for path param",
        "The name stands in the route's path in braces, so it comes from there. Use "
        "`Path`, or take it out of the path.",
    ),
    Entry(
        "AssertionError",
        "default value cannot be set in `Annotated`",
        "Inside `Annotated` the marker has no default. It goes after `=`: "
        "`limit: Annotated[int, Query()] = 20`.",
    ),
    Entry(
        "AssertionError",
        r"Status code \d+ must not have a response body",
        "An answer with this status has no body, so the function returns nothing: "
        "annotate it with `-> None`.",
    ),
    Entry(
        "AssertionError",
        r"A path prefix must (not )?(start|end) with '/'",
        "A prefix begins with a slash and does not end with one: `prefix='/parcels'`.",
    ),
    Entry(
        "AssertionError",
        "An additional response must be a dict",
        "Each status in `responses` has a dict, and the model stands under `model`: "
        "`responses={404: {'model': Problem}}`.",
    ),
    Entry(
        "PydanticSerializationError",
        r"Unable to serialize unknown type: <class '.*ModelMetaclass'>",
        "A model stands where a value was expected. In `responses`, it is the `model` "
        "of a status, `{404: {'model': Problem}}`. Such a dict is handed on as it is.",
    ),
    Entry(
        "AssertionError",
        "Query parameter '.*' must be one of the supported types",
        "A query can hold single values and lists of them. For anything nested use a "
        "body, or a model with one field for each query parameter.",
    ),
    Entry(
        "RuntimeError",
        "Cannot add middleware after an application has started",
        "Middleware has to be added before the first request: where the app is made, "
        "not in a function that runs later. A stack that is built by hand is "
        "there too early: put a function in the place of `build_middleware_stack`.",
    ),
    Entry(
        "TypeError",
        r"HTTPException\.__init__\(\) got an unexpected keyword",
        "The parameters of `HTTPException` are `status_code`, `detail` and `headers`.",
    ),
    Entry(
        "AttributeError",
        "'(int|float|bool|Decimal|datetime)' object has no attribute 'encode'",
        "What goes out over HTTP, a header or a piece of a stream, is text or bytes: "
        "`str(…)` makes it one.",
    ),
    Entry(
        "TypeError",
        "'NoneType' object is not callable",
        "A function that should give something back returned nothing: a middleware "
        "returns the response, a decorator returns a function.",
    ),
    Entry(
        "ValueError",
        r"^\[TypeError\(\"'coroutine' object is not iterable",
        "The function returned a coroutine: put `await` before the call, and write "
        "`async def`.",
    ),
    Entry(
        "ValueError",
        r"^\[TypeError\(.*vars\(\) argument must have __dict__",
        "FastAPI can't turn the returned object into JSON. Return a Pydantic model, a "
        "dict or a list.",
    ),
    Entry(
        "TypeError",
        "'function' object is not iterable",
        "`append` adds one function to a list. `extend` and `+=` take a list of them.",
    ),
    Entry(
        "TypeError",
        "'<' not supported between instances of 'dict' and 'int'",
        "A dictionary stands where a status belongs. `JSONResponse` takes the content "
        "first: `JSONResponse({...}, 404)`.",
    ),
    Entry(
        "TypeError",
        "Object of type ValueError is not JSON serializable",
        "`errors()` of a validation error holds the exception of a validator, in "
        "`ctx`. Name the parts that may leave: `loc`, `msg` and `type`.",
    ),
    Entry(
        "TypeError",
        r"object (JSON|PlainText)?Response can't be used in 'await' expression",
        "This handler is a `def`, so its answer is there at once. Await what is "
        "awaitable: `await answer if isawaitable(answer) else answer`. In a middleware "
        "an answer sends itself: `await answer(scope, receive, send)`.",
    ),
    Entry(
        "RuntimeError",
        "generator didn't yield",
        "A function with `yield` that opens and closes something has to reach its "
        "`yield` once. This one ended, or returned, before that.",
    ),
    Entry(
        "RuntimeError",
        r"generator didn't stop after a?throw\(\)",
        "An exception was caught here, and then the function reached another `yield`. "
        "Let the exception pass on: clean up in `finally`, or end with `raise`.",
    ),
    Entry(
        "RuntimeError",
        "generator didn't stop",
        "A function with `yield` that opens and closes something yields exactly once. "
        "After the first `yield` there is only cleaning up.",
    ),
    Entry(
        "AttributeError|TypeError",
        r"'function' object has no attribute 'dependency'|must be an iterable, not "
        "Depends",
        "`dependencies=` takes a list of Depends: `dependencies=[Depends(function)]`.",
    ),
    Entry(
        "TypeError",
        r"Depends\(\) got an unexpected keyword argument 'scopes'",
        "`Depends` knows no scopes. `Security(permitted, scopes=['…'])` is a `Depends` "
        "that hands them on.",
    ),
    Entry(
        "TypeError",
        r"Security\(\) takes from 0 to 1 positional arguments",
        "Scopes are passed by name, and as a list: "
        "`Security(permitted, scopes=['parcels:list'])`.",
    ),
)
