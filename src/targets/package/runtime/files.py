"""Small files: read YAML and JSON strictly, write whole files or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from .errors import SettingsError

# The core schema of YAML 1.2: what a scalar without quotes may be beside text.
_SCALARS = [
    ("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$")),
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")),
    ("tag:yaml.org,2002:int", re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")),
    (
        "tag:yaml.org,2002:float",
        re.compile(
            r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
            r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
        ),
    ),
]


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.stem[:40]}-", suffix=path.suffix
    )
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        # mkstemp makes private files; these are meant for the next task to read.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_json(path: Path, value: object, indent: int | None = 2) -> None:
    """Write `value` as one JSON document, whole or not at all."""
    text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair is text in Python and in no encoding.
        content = json.dumps(value, indent=indent, allow_nan=False).encode("ascii")

    def write(temporary: Path) -> None:
        temporary.write_bytes(content)

    write_whole(path, write)


def read_json(path: Path) -> object:
    """Read one JSON document."""
    result: object = json.loads(path.read_text(encoding="utf-8"))
    return result


def sha256(path: Path) -> str:
    """Return the SHA-256 digest of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def parse_yaml(text: str, origin: str) -> object:
    """Parse YAML by the rules of YAML 1.2: `yes` and `on` are text, `1e-3` a number.

    A key that stands twice is an error, and dates stay text until a parameter of
    that type asks for them.
    """
    yaml = import_module("yaml")

    def read_map(loader: object, node: object) -> dict[object, object]:
        construct: Callable[..., object] = getattr(loader, "construct_object", str)
        result: dict[object, object] = {}
        for key_node, value_node in getattr(node, "value", []):
            key = construct(key_node, deep=True)
            if isinstance(key, list | dict | set):
                raise SettingsError(f"{origin}: a key must be a name, not a collection")
            if key in result:
                raise SettingsError(f"{origin}: the key {key!r} stands there twice")
            result[key] = construct(value_node, deep=True)
        return result

    try:
        loader = yaml.SafeLoader(text)
        # On the instance: the classes of PyYAML belong to everyone in this process.
        loader.yaml_implicit_resolvers = {None: _SCALARS}
        loader.yaml_constructors = {
            **loader.yaml_constructors,
            "tag:yaml.org,2002:map": read_map,
            "tag:yaml.org,2002:int": _integer,
        }
        result: object = loader.get_single_data()
    except yaml.YAMLError as error:
        raise SettingsError(f"{origin}: this is not YAML: {error}") from None
    return result


def _integer(loader: object, node: object) -> int:
    """Read a whole number as YAML 1.2 does: no octal by a mere leading zero."""
    text = str(getattr(node, "value", ""))
    if text.startswith("0o"):
        return int(text[2:], 8)
    if text.startswith("0x"):
        return int(text[2:], 16)
    return int(text, 10)


def read_mapping(path: Path) -> dict[str, object]:
    """Read a YAML or JSON file whose top level is a mapping with text keys."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(f"the settings file {path} does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    return as_mapping(parse_yaml(text, str(path)), str(path))


def as_mapping(value: object, where: str) -> dict[str, object]:
    """Check that `value` is a mapping with text keys; nothing at all is empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SettingsError(
            f"{where}: expected names with values, found {type(value).__name__}"
        )
    result: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise SettingsError(f"{where}: the key {key!r} must be text")
        result[key] = item
    return result
