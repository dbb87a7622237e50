"""Write the JSON Schemas of ``monitor.yaml`` and the watch list, for editors.

They come from the models in ``pipelines.config_models``; what a key means is the text of
docs/configuration.md. ``--check`` only compares. A value may be ``${NAME}`` wherever the model
wants a number, a choice or a form, so that the schema takes that too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.config_models import FeedsFile, MonitorFile

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "config" / "schema"
PAGE = ROOT / "docs" / "configuration.md"
MODELS = {"monitor": MonitorFile, "feeds": FeedsFile}

_ROW = re.compile(r"\| `(?P<key>[\w.\[\]]+)` \|[^|]*\| (?P<meaning>[^|]+) \|")
_LINK = re.compile(r" ?\(\[[^]]*\]\([^)]*\)\)|\[([^]]*)\]\([^)]*\)")
_FROM_ENVIRONMENT = {"type": "string", "pattern": r"\$\{.+\}"}
_NAMED = frozenset(("properties", "$defs"))
"""Parts of a schema that hold others by name: a key may be called ``type``."""

_STATED = ("type", "enum", "const", "pattern")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength")


def schema_of(name: str) -> dict[str, Any]:
    """Return the schema of ``monitor`` or ``feeds``."""
    schema = MODELS[name].model_json_schema()
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_open(schema)}
    if name == "monitor":
        for path, meaning in _meanings():
            _describe(found, path, meaning)
    return found


def _open(node: Any) -> Any:  # noqa: ANN401 - a schema within a schema
    """Return ``node`` with ``${NAME}`` allowed wherever not any text is."""
    if isinstance(node, list):
        return [_open(one) for one in node]
    if not isinstance(node, dict):
        return node
    is_text = node.get("type") == "string" and not {"enum", "const", "pattern"} & node.keys()
    is_value = node.get("type") in {"integer", "number", "boolean", "string"} or "enum" in node
    if not is_value or is_text:
        return {key: _open_part(key, value) for key, value in node.items()}
    value = {key: node[key] for key in (*_STATED, *_BOUNDS) if key in node}
    rest = {key: one for key, one in node.items() if key not in value}
    return {**rest, "anyOf": [value, _FROM_ENVIRONMENT]}


def _open_part(key: str, part: Any) -> Any:  # noqa: ANN401 - a part of a schema
    if key in _NAMED:
        return {name: _open(one) for name, one in part.items()}
    return part if key == "default" else _open(part)


def _meanings() -> Iterator[tuple[list[str], str]]:
    for row in _ROW.finditer(PAGE.read_text("utf-8")):
        if meaning := _LINK.sub(r"\1", row["meaning"]).replace("`", "").strip():
            yield row["key"].split("."), meaning


def _describe(schema: dict[str, Any], path: list[str], meaning: str) -> None:
    """Put ``meaning`` beside the key at ``path``, if the schema has it."""
    node = schema
    for key in path[:-1]:
        if key != "NAME":
            node = _target(schema, node.get("properties", {}).get(key.removesuffix("[]"), {}))
    described = node.get("properties", {}).get(path[-1])
    if described is not None:
        described["description"] = meaning


def _target(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Return the model that a key holds, alone, in a list, by name, or beside null."""
    for one in (node, node.get("items", {}), node.get("additionalProperties", {})):
        for choice in (one, *one.get("anyOf", [])):
            if "$ref" in choice:
                model: dict[str, Any] = schema["$defs"][choice["$ref"].rpartition("/")[2]]
                return model
    return {}


def main(argv: list[str] | None = None) -> int:
    """Write the files; with ``--check`` exit code 1 when one is not what it would be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(argv)
    stale = 0
    for name in MODELS:
        target = FOLDER / f"{name}.schema.json"
        content = json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"
        if options.check:
            is_same = target.exists() and target.read_text("utf-8") == content
            stale += not is_same
            print(f"{target.name}: {'as it should be' if is_same else 'stale'}")
        else:
            target.write_text(content, "utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
