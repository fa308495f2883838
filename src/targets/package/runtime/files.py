"""Small files: read YAML and JSON strictly, write whole files or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from .errors import SettingsError

_FLOAT = re.compile(
    r"""^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$
    |^[-+]?\.(?:inf|Inf|INF)$
    |^\.(?:nan|NaN|NAN)$""",
    re.X,
)


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
    import yaml

    class Loader(yaml.SafeLoader):
        """PyYAML with the core schema of YAML 1.2."""

    Loader.yaml_implicit_resolvers = {}

    def mapping(
        loader: yaml.SafeLoader, node: yaml.MappingNode
    ) -> dict[object, object]:
        result: dict[object, object] = {}
        for key_node, value_node in node.value:
            key: object = loader.construct_object(key_node, deep=True)
            if isinstance(key, (list, dict, set)):
                raise SettingsError(f"{origin}: a key must be a name, not a collection")
            if key in result:
                raise SettingsError(f"{origin}: the key {key!r} stands there twice")
            result[key] = loader.construct_object(value_node, deep=True)
        return result

    integer = re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")
    truth = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
    null = re.compile(r"^(?:~|null|Null|NULL|)$")
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", truth, list("tTfF"))
    Loader.add_implicit_resolver("tag:yaml.org,2002:int", integer, list("-+0123456789"))
    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:float", _FLOAT, list("-+.0123456789")
    )
    Loader.add_implicit_resolver("tag:yaml.org,2002:null", null, ["~", "n", "N", ""])
    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    Loader.add_constructor("tag:yaml.org,2002:int", _integer)
    try:
        result: object = yaml.load(text, Loader)
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
