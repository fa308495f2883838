"""The claims of the library knowledge: the data files, read the way src/python/knowledge/knowledge.ts reads them."""

from __future__ import annotations

import json
import pathlib
from dataclasses import dataclass, field

DATA = pathlib.Path(__file__).resolve().parents[2] / "src" / "python" / "knowledge" / "data"


@dataclass(frozen=True)
class Claim:
    place: str
    words: frozenset[str]
    returns: str

    @property
    def mutates(self) -> bool:
        return bool(self.words & {"mutates", "fit", "inplace"})

    @property
    def shares(self) -> bool:
        return bool(self.words & {"view", "view0", "self", "holds"}) or any(word.startswith("out") for word in self.words)

    @property
    def changes_arguments(self) -> bool:
        return any(word.startswith(("mutates", "out")) and word != "mutates" for word in self.words)

    @property
    def draws(self) -> bool:
        return any(word.startswith(("draws", "seeds")) for word in self.words)

    @property
    def opens(self) -> bool:
        return any(word.startswith(("loads", "stores", "prepares")) for word in self.words)


@dataclass
class Entry:
    info: dict
    methods: dict[str, Claim] = field(default_factory=dict)
    attributes: dict[str, Claim] = field(default_factory=dict)


def claim(place: str, text: str) -> Claim:
    before, _, after = text.partition("->")
    return Claim(place, frozenset(before.split()), after.strip().partition(" of ")[0] or "unknown")


def singles(texts: dict[str, str], place: str) -> dict[str, Claim]:
    return {name: claim(f"{place}.{name}", text) for names, text in texts.items() for name in names.split(" ")}


def load() -> tuple[dict[str, dict[str, Claim]], dict[str, Entry]]:
    """Functions by module and name; types by name."""
    modules: dict[str, dict[str, Claim]] = {}
    types: dict[str, Entry] = {}
    for path in sorted(DATA.glob("*.json")):
        entry = json.loads(path.read_text())
        for module, names in entry.get("modules", {}).items():
            modules.setdefault(module, {}).update(singles(names, module))
        for name, info in entry.get("types", {}).items():
            types[name] = Entry(
                info, singles(info.get("methods", {}), name), singles(info.get("attributes", {}), name)
            )
    return modules, types


def lookup(types: dict[str, Entry], kind: str, name: str, part: str = "methods") -> Claim | None:
    """What the type, or the nearest that it extends, says."""
    at: str | None = kind
    while at is not None:
        entry = types[at]
        found = getattr(entry, part).get(name)
        at = entry.info.get("extends")
        if found is None and at is None:
            found = getattr(entry, part).get("*")
        if found is not None:
            return found
    return None
