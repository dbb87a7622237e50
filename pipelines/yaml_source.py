"""Read a YAML file into a pydantic model and report every fault with its path and line.

A fault reads ``FILE:LINE: dotted.path: expected …, got …``. Secrets come from the environment
(``${NAME}``, ``${NAME:-default}``) and are never printed.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

_Model = TypeVar("_Model", bound=BaseModel)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_HIDDEN = " (value not shown)"
MAX_FILE_BYTES = 20_000_000
"""A configuration of this size is a mistake; YAML of it would take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """A parsed file: its value, the line of each dotted path, and which paths hold variables."""

    path: Path
    value: Any
    lines: Mapping[str, int]
    filled: frozenset[str] = frozenset()

    def place(self, dotted: str) -> str:
        """Return ``FILE:LINE`` of ``dotted``, or of the nearest thing around it."""
        while dotted and dotted not in self.lines:
            dotted = dotted.rpartition(".")[0]
        return f"{self.path}:{self.lines.get(dotted, 1)}"


def read_yaml(path: Path, *, environment: Mapping[str, str] | None = None) -> YamlFile:
    """Return the file's value with its variables filled in.

    Raises:
        UserError: the file cannot be read, is no YAML, repeats a key, or names an environment
            variable that is not set; all such faults in one message.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{path}: expected a configuration file, got more than 20 MB")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UserError(f"{path}: cannot be read: {reason}") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise no_yaml(path, error) from None
    except RecursionError:
        raise _too_deep(path) from None
    reader = _NodeReader(path, os.environ if environment is None else environment)
    try:
        value = reader.read(node, "")
    except RecursionError:  # an alias within what it stands for has no end
        raise _too_deep(path) from None
    if reader.faults:
        raise UserError("\n".join(reader.faults))
    return YamlFile(path=path, value=value, lines=reader.lines, filled=frozenset(reader.filled))


def _too_deep(path: Path) -> UserError:
    return UserError(f"{path}: expected YAML, got nesting too deep to read")


def no_yaml(path: Path, error: yaml.YAMLError) -> UserError:
    """Return what to tell of a file that is no YAML: where, and why in a few words."""
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(error, "problem", None) or "not YAML"
    return UserError(f"{path}:{line}: expected YAML, got: {problem}")


def did_you_mean(given: str, known: Collection[str], name: str) -> str:
    """Return the nearest of ``known``, or all of these ``name``: "did you mean home?"."""
    close = difflib.get_close_matches(given, known, n=1)
    return f"did you mean {close[0]}?" if close else f"known {name}: {', '.join(sorted(known))}"


class _NodeReader:
    """Turns YAML nodes into values, keeping the line of every path."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        self.environment = environment
        self.lines: dict[str, int] = {}
        self.filled: set[str] = set()
        self.faults: list[str] = []
        self._constructor = yaml.SafeLoader("")

    def read(self, node: yaml.Node | None, dotted: str) -> Any:  # noqa: ANN401 - YAML is any value
        if node is None:
            return None
        self.lines.setdefault(dotted, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._read_mapping(node, dotted)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(one, _join(dotted, str(i))) for i, one in enumerate(node.value)]
        return self._read_scalar(node, dotted)

    def _read_mapping(self, node: yaml.MappingNode, dotted: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                self.faults.append(f"{self.path}:{line}: {_join(dotted, key)}: given twice")
            self.lines[_join(dotted, key)] = line
            found[key] = self.read(value_node, _join(dotted, key))
        return found

    def _read_scalar(self, node: yaml.Node, dotted: str) -> Any:  # noqa: ANN401 - YAML is any value
        try:
            value = self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError):
            line = node.start_mark.line + 1
            self.faults.append(f"{self.path}:{line}: {dotted}: expected a plain value")
            return None
        return self._fill(value, dotted) if isinstance(value, str) else value

    def _fill(self, text: str, dotted: str) -> str:
        def replace(match: re.Match[str]) -> str:
            name, default = match.groups()
            if name in self.environment:
                self.filled.add(dotted)
                return self.environment[name]
            if default is None:
                self.faults.append(
                    f"{self.path}:{self.lines.get(dotted, 1)}: {dotted}: expected the environment "
                    f"variable {name}, got nothing: set it or write ${{{name}:-default}}"
                )
            return default or ""

        return _VARIABLE.sub(replace, text)


def _join(dotted: str, key: str) -> str:
    return f"{dotted}.{key}" if dotted else key


def validate(source: YamlFile, model: type[_Model], *, at: str = "") -> _Model:
    """Return ``source`` as ``model``.

    Raises:
        UserError: one line for each fault of the file.
    """
    if not isinstance(source.value, dict):
        got = "nothing" if source.value is None else type(source.value).__name__
        raise UserError(f"{source.place(at)}: expected a mapping of settings, got {got}")
    try:
        return model.model_validate(source.value)
    except ValidationError as error:
        raise UserError("\n".join(_faults(source, model, error))) from None


def _faults(source: YamlFile, model: type[BaseModel], error: ValidationError) -> list[str]:
    faults = []
    for one in error.errors(include_url=False):
        path = [str(part) for part in one["loc"] if not _is_union_label(part)]
        dotted = ".".join(path)
        shown = _shown(one, path[-1]) if dotted not in source.filled else _HIDDEN
        faults.append(f"{source.place(dotted)}: {dotted}: {_explain(one, model, path)}{shown}")
    return list(dict.fromkeys(faults))


def _shown(fault: Any, key: str) -> str:  # noqa: ANN401 - pydantic's error dictionary
    """Return what stands there, unless it is a secret or a mapping that may hold one."""
    given = fault.get("input")
    if fault["type"] in {"extra_forbidden", "missing"} or isinstance(given, (dict, list, tuple)):
        return ""
    if any(word in key.lower() for word in ("secret", "password", "key", "token")):
        return _HIDDEN
    return f", got {'nothing' if given is None else repr(str(given)[:80])}"


def _is_union_label(part: int | str) -> bool:
    """Pydantic puts the tried member of a union into the path; a user never wrote it."""
    return isinstance(part, str) and (part.endswith("]") or part in {"str", "int", "float", "bool"})


def _explain(fault: Any, model: type[BaseModel], path: Sequence[str]) -> str:  # noqa: ANN401 - pydantic's error dictionary
    if fault["type"] == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        return f"unknown key; {did_you_mean(path[-1], known, 'keys')}"
    if fault["type"] == "missing":
        return "expected a value, got nothing"
    return str(fault["msg"]).removeprefix("Value error, ")


def _keys_at(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    current: Any = model
    for part in path:
        if not (isinstance(current, type) and issubclass(current, BaseModel)):
            return []
        known = current.model_fields.get(part)
        current = _inner_model(known.annotation) if known else current
    if isinstance(current, type) and issubclass(current, BaseModel):
        return list(current.model_fields)
    return []


def _inner_model(annotation: Any) -> Any:  # noqa: ANN401 - a type expression
    if isinstance(annotation, type):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        inner = _inner_model(argument)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None
