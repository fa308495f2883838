"""The shape of requests and responses, made from what training saw of the raw data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from .values import OneOf

if TYPE_CHECKING:
    from .contracts import Column
    from .door import Door
    from .input_schema import RawColumn
    from .kinds import AnyObject

ISO_TIME = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$"

# For each kind of column: the JSON types that its door takes, and what a message says.
_SHAPES: dict[str, tuple[dict[str, object], str]] = {
    "int": ({"type": "number"}, "a number"),
    "float": ({"type": "number"}, "a number"),
    "bool": ({"type": "boolean"}, "true or false"),
    "text": ({"anyOf": [{"type": "string"}, {"type": "number"}]}, "text"),
    "datetime": ({"type": "string", "pattern": ISO_TIME}, "a date as text"),
    "timedelta": ({"type": "string"}, "a length of time as text"),
    "date": ({"type": "string", "format": "date"}, "a date as YYYY-MM-DD"),
    "decimal": ({"anyOf": [{"type": "string"}, {"type": "number"}]}, "a number"),
    "category": ({}, "a value"),
    "mixed": ({}, "a value"),
}
_TYPES: dict[str, AnyObject] = {
    "int": int | float,
    "float": int | float,
    "bool": bool,
    "text": str | int | float,
    "datetime": str,
    "timedelta": str,
    "date": str,
    "decimal": str | int | float,
    "category": object,
    "mixed": object,
}
_ANSWERS: dict[type, AnyObject] = {
    float: float | str | None,
    int: int | None,
    bool: bool | None,
    str: str | None,
}


def expectation(column: RawColumn) -> str:
    """Say what a column takes."""
    return f"expected {_SHAPES[column.kind][1]}"


def field_name(place: int) -> str:
    """Name the member that holds a column: its own name may be no name of Python."""
    return f"column_{place}"


def request_model(
    door: Door, example: Mapping[str, object] | None, limit: int
) -> AnyObject:
    """Make the model of a request: `{"records": [...]}`, with at most `limit` rows."""
    members: dict[str, AnyObject] = {
        field_name(place): _member(column, door.promises.get(column.name))
        for place, column in enumerate(door.columns)
    }
    examples: AnyObject = [] if example is None else [dict(example)]
    requests: AnyObject = [{"records": examples}]
    row: AnyObject = create_model(
        "Row",
        __config__=ConfigDict(
            strict=True,
            extra="ignore",
            allow_inf_nan=False,
            json_schema_extra={"examples": examples},
        ),
        **members,
    )
    body: dict[str, AnyObject] = {
        "records": (
            _list_of(row),
            Field(max_length=limit, description="Raw rows to answer."),
        )
    }
    return create_model(
        "Request",
        __config__=ConfigDict(extra="forbid", json_schema_extra={"examples": requests}),
        **body,
    )


def _list_of(item: AnyObject) -> AnyObject:
    """Return the type of a list of items of a type that is made here."""
    return list.__class_getitem__(item)


def _member(column: RawColumn, promise: Column | None) -> AnyObject:
    """Describe one raw column; a missing value is null, where training saw any."""
    shape = {**_SHAPES[column.kind][0], **_bounds(column, promise)}
    kind = _TYPES[column.kind]
    if column.nullable and (promise is None or promise.nullable):
        kind = kind | None
        if shape:
            shape = {"anyOf": [*_members(shape), {"type": "null"}]}
    details = [f"Kind: {column.kind}."]
    if column.low is not None and column.high is not None:
        details.append(f"From {column.low} to {column.high} in training.")
    if column.values is not None:
        details.append(f"In training: {', '.join(map(str, column.values))}.")
    examples = [] if column.example is None else [column.example]
    shown = WithJsonSchema(
        {**shape, "description": " ".join(details), "examples": examples}
    )
    return Annotated[kind, shown], Field(alias=column.name)


def _bounds(column: RawColumn, promise: Column | None) -> dict[str, object]:
    """Say in the words of JSON Schema what the contract says; the door checks it."""
    bounds: dict[str, object] = {}
    if column.kind == "int" and promise is not None and promise.kind == "int":
        bounds["type"] = "integer"
    for rule in () if promise is None else promise.rules:
        if isinstance(rule, OneOf):
            if column.kind in ("int", "float", "bool"):
                bounds["enum"] = list(rule.values)
        elif column.kind in ("int", "float"):
            if rule.low is not None:
                bounds["exclusiveMinimum" if rule.low_open else "minimum"] = rule.low
            if rule.high is not None:
                bounds["exclusiveMaximum" if rule.high_open else "maximum"] = rule.high
    return bounds


def _members(shape: Mapping[str, object]) -> list[object]:
    """List what a shape is one of."""
    several = shape.get("anyOf")
    return list(several) if isinstance(several, list) else [dict(shape)]


def response_model(
    names: Sequence[str], answered: Mapping[str, object] | None
) -> AnyObject:
    """Make the model of a response, after the answer to the example where one is."""
    known = answered or {}
    members: dict[str, AnyObject] = {
        f"value_{place}": (
            _ANSWERS.get(type(known.get(name)), object),
            Field(alias=name, examples=[known[name]] if name in known else None),
        )
        for place, name in enumerate(names)
    }
    prediction: AnyObject = create_model("Prediction", **members)
    body: dict[str, AnyObject] = {
        "predictions": (
            _list_of(prediction),
            Field(description="One for each row, in its order."),
        ),
        "build": (str, Field(description="What made the answers.")),
        "decision_ids": (
            _list_of(str),
            Field(description="One for each prediction."),
        ),
    }
    return create_model("Response", **body)


def problem_model() -> AnyObject:
    """Make the model of a refusal that names rows and columns."""
    members: dict[str, AnyObject] = {
        "row": (int | None, ...),
        "column": (str | None, ...),
        "message": (str, ...),
    }
    problem: AnyObject = create_model("Problem", **members)
    body: dict[str, AnyObject] = {
        "detail": (_list_of(problem), ...),
        "count": (int, ...),
    }
    return create_model("Refusal", **body)


def message_model() -> AnyObject:
    """Make the model of a refusal of the whole request."""
    members: dict[str, AnyObject] = {"detail": (str, ...)}
    return create_model("Message", **members)


def records_of(
    body: BaseModel, columns: Sequence[RawColumn]
) -> tuple[int, dict[str, list[object]]]:
    """Take the values of a request, column by column."""
    rows: AnyObject = getattr(body, "records", [])
    members = [row.__dict__ for row in rows]
    given = {
        column.name: [member[field_name(place)] for member in members]
        for place, column in enumerate(columns)
    }
    return len(members), given
