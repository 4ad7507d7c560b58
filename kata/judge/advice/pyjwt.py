"""PyJWT, and pwdlib."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "DecodeError",
        'pass in a value for the "algorithms" argument',
        "Say which algorithms you accept, as a list: `algorithms=['HS256']`. Otherwise "
        "the token itself would choose how it is checked.",
    ),
    Entry(
        "TypeError",
        "Expected a string (or bytes )?value",
        "PyJWT takes the key as a text. A SecretStr gives it with "
        "`.get_secret_value()`.",
    ),
    Entry(
        "InvalidSubjectError",
        "",
        "`sub` has to be a text: `'sub': str(account.id)`.",
    ),
    Entry(
        "ExpiredSignatureError",
        "",
        "The token's `exp` has passed. Is it computed from the time you were "
        "given, and in UTC? When you read tokens, this is one kind of "
        "`jwt.InvalidTokenError`.",
    ),
    Entry(
        "InvalidSignatureError",
        "",
        "The token was signed with another key, or changed since. When you read "
        "tokens, this is one kind of `jwt.InvalidTokenError`.",
    ),
    Entry(
        "MissingRequiredClaimError",
        "",
        "`require` asks for a claim that this token doesn't have. When you read "
        "tokens, this is one kind of `jwt.InvalidTokenError`.",
    ),
    Entry(
        "InvalidAudienceError",
        "",
        "A token with an `aud` is refused unless you name yourself: "
        "`jwt.decode(…, audience='waybill')`.",
    ),
    Entry(
        "DecodeError",
        "Not enough segments|Invalid header padding|Invalid token type",
        "This is no token. Was the word `Bearer` cut off, and was there a token "
        "at all? `DecodeError` is one kind of `jwt.InvalidTokenError`.",
    ),
    Entry(
        "DecodeError",
        r"claim \(\w+\) must be an integer",
        "Times in a token are seconds since 1970; pass a `datetime` with a zone, and "
        "PyJWT converts it.",
    ),
    Entry(
        "InvalidAlgorithmError",
        "",
        "The token was signed with an algorithm that `algorithms` doesn't list. Sign "
        "and check with the same one.",
    ),
    Entry(
        "NotImplementedError",
        "Algorithm not supported",
        "PyJWT doesn't know the algorithm by this name. For one shared key it is "
        "`'HS256'`.",
    ),
    Entry(
        "InsecureKeyLengthWarning",
        "",
        "A key for HS256 needs at least 32 bytes. `secrets.token_hex(32)` makes one.",
    ),
    Entry(
        "TypeError",
        "Expecting a dict object, as JWT only supports",
        "The claims are a dict: `jwt.encode({'sub': …}, key, 'HS256')`.",
    ),
    Entry(
        "ImmatureSignatureError",
        "",
        "`iat` or `nbf` lies in the future. Use the time you were given, in UTC.",
    ),
    Entry(
        "AttributeError",
        "'str' object has no attribute 'decode'",
        "This is a text already; `.decode()` is for bytes.",
    ),
    Entry(
        "UnknownHashError",
        "",
        "`verify(password, hash)` got something that is no hash. The password comes "
        "first, the stored hash second.",
    ),
    Entry(
        "TypeError",
        "password must be str or bytes",
        "There was no password to hash. A SecretStr gives its text with "
        "`.get_secret_value()`.",
    ),
)
