"""Where parameters, data and secrets of one run come from, in a fixed order.

Parameters: the notebook's own values, then `params.yaml`, then `params.<env>.yaml`,
then `--params FILE`, then `--param name=value`. Each later one overrides the earlier.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar, get_args, get_origin, get_type_hints

from .errors import SecretError, SettingsError
from .files import as_mapping, parse_yaml, read_mapping
from .values import Note, OneOf, Range, admits_text, check_rules, convert, type_name

P = TypeVar("P")

SECTIONS = ("params", "data", "secrets", "connections")


@dataclass(frozen=True)
class Secret:
    """A credential that the notebook held; it comes from an environment variable."""

    name: str
    env: str = ""
    doc: str = ""
    cite: str = ""


@dataclass(frozen=True)
class Binding:
    """Where a dataset is found: a path or address, or a query or table."""

    place: str = ""
    sql: str = ""
    table: str = ""
    connection: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Sources:
    """What the command line says about settings, before anything is read."""

    folders: tuple[Path, ...] = ()
    environment: str = ""
    file: Path | None = None
    parameters: tuple[str, ...] = ()
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """All settings of one run, read but not yet held against the model."""

    parameters: Mapping[str, tuple[object, str]] = field(default_factory=dict)
    data: Mapping[str, Binding] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    connections: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest known name, or the known names."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known are: {', '.join(names)}" if names else "there are none"


def read_settings(sources: Sources) -> Settings:
    """Read the settings files in their order; the last word on each name wins."""
    files = _files(sources)
    parameters: dict[str, tuple[object, str]] = {}
    data: dict[str, Binding] = {}
    secrets: dict[str, str] = {}
    connections: dict[str, str] = {}
    for path in files:
        content = read_mapping(path)
        for section in content:
            if section not in SECTIONS:
                raise SettingsError(
                    f"{path}: unknown section {section!r}; {nearest(section, SECTIONS)}"
                )
        for name, value in as_mapping(content.get("params"), f"{path}: params").items():
            parameters[name] = (value, f"{path}: {name}")
        for name, value in as_mapping(content.get("data"), f"{path}: data").items():
            data[name] = read_binding(value, f"{path}: data.{name}")
        secrets.update(_variables(content, "secrets", path))
        connections.update(_variables(content, "connections", path))
    for name, text in _assignments(sources.data, "--data"):
        value = parse_yaml(text, f"--data {name}") if text.startswith("{") else text
        if isinstance(value, str):
            # On the command line a path is meant from where the user stands.
            value = value if "://" in value else str(Path.cwd() / value)
        data[name] = read_binding(value, f"--data {name}")
    return Settings(parameters, data, secrets, connections, files)


def _files(sources: Sources) -> tuple[Path, ...]:
    """List the settings files that exist for this run, in their order."""
    found: list[Path] = []
    for folder in sources.folders:
        base = folder / "params.yaml"
        overlay = folder / f"params.{sources.environment}.yaml"
        if not base.is_file() and not overlay.is_file():
            continue
        found += [base] if base.is_file() else []
        found += [overlay] if sources.environment and overlay.is_file() else []
        break
    if sources.environment and not any(
        path.name == f"params.{sources.environment}.yaml" for path in found
    ):
        known = {
            path.name.split(".")[1]
            for folder in sources.folders
            for path in folder.glob("params.*.yaml")
        }
        raise SettingsError(
            f"there is no environment {sources.environment!r} "
            f"(no params.{sources.environment}.yaml); "
            f"{nearest(sources.environment, known)}"
        )
    if sources.file is not None:
        found.append(sources.file)
    return tuple(found)


def _assignments(texts: Sequence[str], option: str) -> list[tuple[str, str]]:
    """Split `name=value` arguments of the command line."""
    result = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise SettingsError(f"{option} {text}: expected name=value")
        result.append((name.strip(), value))
    return result


def _variables(content: Mapping[str, object], key: str, path: Path) -> dict[str, str]:
    """Read a section that names environment variables: `NAME: {env: VARIABLE}`."""
    result = {}
    for name, value in as_mapping(content.get(key), f"{path}: {key}").items():
        variable = value.get("env") if isinstance(value, dict) else None
        if not isinstance(variable, str) or value != {"env": variable}:
            where = f"{path}: {key}.{name}"
            raise SettingsError(f"{where}: expected {{env: VARIABLE}}, never a value")
        result[name] = variable
    return result


def read_binding(value: object, where: str) -> Binding:
    """Read where a dataset is found: text, or a mapping with path, sql or table."""
    if isinstance(value, str):
        return Binding(place=value, origin=where)
    content = as_mapping(value, where)
    known = ("path", "sql", "table", "connection")
    texts: dict[str, str] = {}
    for name, item in content.items():
        if name not in known:
            raise SettingsError(
                f"{where}: unknown key {name!r}; {nearest(name, known)}"
            )
        if not isinstance(item, str) or not item:
            raise SettingsError(f"{where}.{name}: expected text")
        texts[name] = item
    if sum(name in texts for name in ("path", "sql", "table")) != 1:
        raise SettingsError(f"{where}: expected exactly one of path, sql and table")
    if ("path" in texts) == ("connection" in texts):
        raise SettingsError(
            f"{where}: sql and table need a connection, a path has none"
        )
    return Binding(
        texts.get("path", ""),
        texts.get("sql", ""),
        texts.get("table", ""),
        texts.get("connection", ""),
        where,
    )


def build_parameters(
    kind: type[P], settings: Settings, assignments: Sequence[str] = ()
) -> P:
    """Make the model's parameters from its own defaults and what the settings say."""
    hints = parameter_types(kind)
    values: dict[str, object] = {}
    for name, (value, where) in settings.parameters.items():
        values[name] = convert(value, _known(name, hints, where), where)
    for name, text in _assignments(assignments, "--param"):
        where = f"--param {name}"
        values[name] = _from_command_line(text, _known(name, hints, where), where)
    return kind(**values)


def parameter_types(kind: type[object]) -> dict[str, object]:
    """Return the annotation of each parameter, rules included."""
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} must be a dataclass")
    hints = get_type_hints(kind, include_extras=True)
    return {item.name: hints[item.name] for item in dataclasses.fields(kind)}


def _known(name: str, hints: Mapping[str, object], where: str) -> object:
    """Return the annotation of a parameter that must exist."""
    if name not in hints:
        raise SettingsError(f"{where}: no such parameter; {nearest(name, hints)}")
    return hints[name]


def _from_command_line(text: str, annotation: object, where: str) -> object:
    """Read one `--param` value: text as it stands, everything else as YAML."""
    inner = annotation
    if get_origin(annotation) is Annotated:
        inner = get_args(annotation)[0]
    if inner is str:
        return convert(text, annotation, where)
    try:
        return convert(parse_yaml(text, where), annotation, where)
    except SettingsError:
        if admits_text(annotation):
            return convert(text, annotation, where)
        raise


def describe_parameters(kind: type[object]) -> list[dict[str, object]]:
    """Describe each parameter for people and orchestrators."""
    result: list[dict[str, object]] = []
    defaults = kind()
    for name, annotation in parameter_types(kind).items():
        rules = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
        entry: dict[str, object] = {
            "name": name,
            "type": type_name(annotation),
            "default": plain(getattr(defaults, name)),
        }
        for rule in rules:
            if isinstance(rule, Range | OneOf):
                entry["allowed"] = str(rule)
            elif isinstance(rule, Note):
                entry.update(doc=rule.text, cite=rule.cite)
        result.append(entry)
    return result


def check_parameters(parameters: object) -> None:
    """Hold parameters made in code against their ranges and sets."""
    for name, annotation in parameter_types(type(parameters)).items():
        if get_origin(annotation) is Annotated:
            rules = list(get_args(annotation)[1:])
            check_rules(getattr(parameters, name), rules, name)


def plain(value: object) -> object:
    """Return a value as JSON can show it; only for display."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def read_secret(name: str, secrets: Sequence[Secret], settings: Settings) -> str:
    """Return a secret from the environment; the value is never shown anywhere."""
    declared = {secret.name: secret for secret in secrets}
    if name not in declared:
        raise SecretError(f"no such secret: {name!r}; {nearest(name, declared)}")
    variable = settings.secrets.get(name) or declared[name].env or name
    value = os.environ.get(variable)
    if not value:
        raise SecretError(
            f"the secret {name} is missing: set the environment variable {variable}"
        )
    return value


def secret_values(secrets: Sequence[Secret], settings: Settings) -> list[str]:
    """Return the secrets that are set, only to keep them out of messages."""
    variables = [
        settings.secrets.get(item.name) or item.env or item.name for item in secrets
    ]
    variables += list(settings.connections.values())
    values = [os.environ.get(variable, "") for variable in variables]
    return sorted((value for value in values if len(value) > 3), key=len, reverse=True)


def connection_url(connection: str, settings: Settings) -> str:
    """Return the address of a database connection from the environment."""
    variable = settings.connections.get(connection)
    if variable is None:
        variable = "".join(c if c.isalnum() else "_" for c in connection).upper()
        variable += "_URL"
    value = os.environ.get(variable)
    if not value:
        raise SecretError(
            f"the connection {connection!r} is missing: set the environment variable "
            f"{variable} to its address, for instance postgresql://user:pass@host/db"
        )
    return value
