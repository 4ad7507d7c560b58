"""Pydantic and pydantic-settings."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "PydanticSchemaGenerationError",
        "Unable to generate pydantic-core schema for FieldInfo",
        "`Field(…)` alone is not a type. Say which type it restricts: "
        "`Grams = Annotated[int, Field(gt=0)]`.",
    ),
    Entry(
        "PydanticSchemaGenerationError",
        "",
        "Pydantic doesn't know this type. Use a model, a dataclass or a built-in type; "
        "if it is a marker such as `Field`, it belongs into `Annotated[type, marker]`.",
    ),
    Entry(
        "PydanticUserError",
        "`regex` is removed",
        "Since Pydantic 2 the parameter is called `pattern`: "
        "`Annotated[str, Field(pattern='^[A-Z]{2}$')]`.",
    ),
    Entry(
        "TypeError",
        r"constr\(\) got an unexpected keyword argument 'regex'",
        "Since Pydantic 2 the parameter is called `pattern`. `Annotated[str, "
        "Field(pattern=…)]` says the same, and type checkers understand it.",
    ),
    Entry(
        "PydanticUserError",
        "overridden by a non-annotated attribute|non-annotated attribute was detected",
        "Every field of a model has a type: `name: str = 'x'`, not `name = 'x'`. What "
        "is no field is annotated with `ClassVar`.",
    ),
    Entry(
        "PydanticUserError",
        "is not fully defined; you should define",
        "The model uses a name that is not there yet. Define or import that name "
        "above the model.",
    ),
    Entry(
        "PydanticUserError",
        "@root_validator",
        "`root_validator` belongs to Pydantic 1. Use `@model_validator(mode='after')` "
        "on a method that takes `self` and returns it.",
    ),
    Entry(
        "PydanticUserError",
        "Decorators defined with incorrect fields",
        "The validator names a field that the model doesn't have. Compare the "
        "spelling.",
    ),
    Entry(
        "PydanticUserError",
        "decorator cannot be used without arguments",
        "Name the fields that it looks at: `@field_validator('postcode')`.",
    ),
    Entry(
        "TypeError",
        r"model_validator\(\) takes 0 positional arguments",
        "It needs parentheses and a mode: `@model_validator(mode='after')`.",
    ),
    Entry(
        "TypeError",
        "Unable to apply constraint",
        "This restriction doesn't suit the type: `max_length` is for texts and lists, "
        "`gt` and `le` are for numbers.",
    ),
    Entry(
        "PydanticUserError",
        '"Config" and "model_config" cannot be used together',
        "Keep `model_config = ConfigDict(…)`; `class Config` belongs to Pydantic 1.",
    ),
    Entry(
        "PydanticUserError|NameError",
        "Fields must not use names with leading underscores",
        "A name with an underscore in front is private, and no field. Rename it; "
        "`alias` gives it another name in the JSON.",
    ),
    Entry(
        "PydanticUserError",
        "needs field '.*' to be of type `Literal`",
        "Each model of such a union says which one it is: `kind: Literal['label']`, "
        "with a value of its own.",
    ),
    Entry(
        "PydanticUserError",
        "Computed field is missing return type annotation",
        "Say what the property returns: `def total(self) -> Decimal:`.",
    ),
    Entry(
        "PydanticImportError",
        "`BaseSettings` has been moved",
        "Import it from its own package: `from pydantic_settings import BaseSettings`.",
    ),
    Entry(
        "SettingsError",
        "error parsing value for field",
        'A list in an environment variable is written as JSON: `["a", "b"]`. For '
        "any other form the field needs `NoDecode` and a validator that splits it.",
    ),
    Entry(
        "ValidationError",
        r"type=model_type",
        "Pydantic reads attributes of other objects, such as rows, only where the "
        "model allows it: `model_config = ConfigDict(from_attributes=True)`.",
    ),
    Entry(
        "ValidationError",
        "type=extra_forbidden",
        "The model forbids what it doesn't know (`extra='forbid'`). Add the field, or "
        "don't pass it.",
    ),
    Entry(
        "ValidationError",
        "type=frozen_instance|type=frozen_field",
        "A frozen model can't be changed. `model.model_copy(update={…})` makes a "
        "changed copy.",
    ),
    Entry(
        "ValidationError",
        "type=missing",
        "The field below the headline has no default, and nothing was given for it. "
        "Pass it by its name, or give it a default.",
    ),
    Entry(
        "ValueError",
        r'" object has no field "',
        "A model has only the fields that its class declares. Declare it there.",
    ),
    Entry(
        "TypeError",
        r"BaseModel\.__init__\(\) takes 1 positional argument",
        "Fields are given by name: `Parcel(weight=500)`. A dict becomes a model with "
        "`Parcel.model_validate(data)`.",
    ),
    Entry(
        "AttributeError|TypeError",
        "'SecretStr' (object has no attribute|and )|(: |and )'SecretStr'",
        "A SecretStr hides its text on purpose; `.get_secret_value()` gives it.",
    ),
    Entry(
        "AssertionError|AttributeError|ResponseValidationError|ValidationError",
        r"\bbecame None\b",
        "What a validator returns is what the model keeps, so every way through it "
        "ends in `return`. Without one the value becomes None.",
    ),
    Entry(
        "ValidationError",
        "input_type=timedelta",
        "A timedelta is a length of time, and no number: `.total_seconds()` gives its "
        "seconds, as a float.",
    ),
    Entry(
        "ValidationError",
        "type=string_type, input_value=.*input_type=(int|float|Decimal)",
        "Pydantic makes no text of a number. Pass a text, as `str(…)` makes one.",
    ),
    Entry(
        "ValidationError",
        "type=timezone_aware",
        "The field takes only a time with an offset, such as `datetime.now(UTC)`.",
    ),
    Entry(
        "AttributeError",
        r"\A\w+\Z",
        "A model's class has no values, only its objects have. In an endpoint, a type "
        "such as AppSettings stands behind a parameter, `settings: AppSettings`, and "
        "`settings` is the object.",
    ),
)
