"""Read subject files: YAML with line numbers, all faults at once, no surprise in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.detection import model
from pipelines.detection.errors import Fault, SubjectsError, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_FILE_BYTES = 2_000_000
MAX_DEPTH = 60
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Path = tuple[str | int, ...]
_NUMBERS = frozenset({"version", "weight", "threshold", "within", "min", "max"})
"""Keys whose values are numbers; elsewhere digits are a word, such as a year."""

_SWITCHES = frozenset({"ordered", "one_sense"})
"""Keys whose values are true or false; elsewhere these are words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A subject file that was read: its content and the line of each part."""

    file: str
    content: model.SubjectFile
    lines: dict[_Path, int]

    def line(self, path: _Path) -> int:
        """Return the line of ``path``, or of the nearest thing around it."""
        return _line(self.lines, path)


def default_subjects_dir() -> Path:
    """Return the directory of the shipped subjects: of the package, else of the repository."""
    packaged = Path(__file__).parents[1] / "default_config" / "subjects"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "config" / "subjects"


def subject_files(paths: Sequence[str | Path]) -> list[Path]:
    """Return the files meant by ``paths``: a directory stands for its ``*.yaml`` and ``*.yml``.

    Raises:
        SubjectsError: a path does not exist or a directory holds no such file.
    """
    found: list[Path] = []
    faults: list[Fault] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
            found += inside
            if not inside:
                faults.append(_fault(str(path), 1, "", "expected *.yaml files, found none"))
        elif path.is_file():
            found.append(path)
        else:
            faults.append(_fault(str(path), 1, "", "no such file or directory"))
    if faults:
        raise SubjectsError(faults)
    return found


def read_files(files: Sequence[Path]) -> list[Source]:
    """Read and check ``files``.

    Raises:
        SubjectsError: with every fault of every file.
    """
    sources: list[Source] = []
    faults: list[Fault] = []
    for file in files:
        try:
            sources.append(_read(file))
        except SubjectsError as error:
            faults += error.faults
    if faults:
        raise SubjectsError(faults)
    return sources


def _read(file: Path) -> Source:
    name = str(file)
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise SubjectsError([_fault(name, 1, "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SubjectsError([_fault(name, line, "", "expected UTF-8 text")]) from error
    if len(raw) > MAX_FILE_BYTES:
        raise SubjectsError([_fault(name, 1, "", f"larger than {MAX_FILE_BYTES} bytes")])
    lines: dict[_Path, int] = {}
    faults: list[Fault] = []
    try:
        _check_depth(name, text)
        root = yaml.compose(text, Loader=_Loader)
        if root is None:
            raise SubjectsError([_fault(name, 1, "", "expected version, lists, subjects: empty")])
        content = _plain(name, root, (), lines, faults)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read as text"
        line = mark.line + 1 if mark else 1
        raise SubjectsError([_fault(name, line, "", f"not YAML: {problem}")]) from error
    try:
        parsed = model.SubjectFile.model_validate(content)
    except ValidationError as error:
        faults += [_from_pydantic(name, one, content, lines) for one in error.errors()]
    if faults:
        raise SubjectsError(faults)
    return Source(file=name, content=parsed, lines=lines)


def _check_depth(name: str, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.events.AliasEvent):
            message = f"aliases (*{event.anchor}) are not allowed: use @lists"
            raise SubjectsError([_fault(name, _event_line(event), "", message)])
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise SubjectsError([_fault(name, _event_line(event), "", message)])


def _event_line(event: yaml.events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _plain(
    name: str, node: yaml.Node, path: _Path, lines: dict[_Path, int], faults: list[Fault]
) -> Any:  # noqa: ANN401 - YAML holds any value
    """Return ``node`` as plain values, filling ``lines``; languages such as ``no`` stay text."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            word = str(key.value)
            where, line = (*path, word), key.start_mark.line + 1
            if word in mapping:
                faults.append(_fault(name, line, _dotted(where), "given twice"))
            mapping[word] = _plain(name, value, where, lines, faults)
            lines[where] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(name, one, (*path, i), lines, faults) for i, one in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:int" and path and path[-1] in _NUMBERS:
        try:
            return int(node.value)
        except ValueError:
            return node.value
    last = path[-1] if path else ""
    if last in _SWITCHES and node.value.lower() in ("true", "false"):
        return node.value.lower() == "true"
    return node.value or None


def _from_pydantic(name: str, error: Any, content: Any, lines: dict[_Path, int]) -> Fault:  # noqa: ANN401
    path = _real_path(error["loc"], content)
    value = error.get("input")
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _known_keys(error["loc"])
        message = f"unknown key; expected one of {', '.join(known)}"
        message += suggestion(str(path[-1]), known)
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        message = _no_operator(value)
    elif kind == "missing":
        message = "missing; expected this key"
    elif kind == "string_pattern_mismatch":
        message = f"expected a name like {error['ctx']['pattern']}, got {value!r}"
    elif kind == "day":
        message = f"{error['msg']}, got {_short(value)}"
    else:
        message = f"{error['msg'].replace('Input should', 'should')}, got {_short(value)}"
    return _fault(name, _line(lines, path), _dotted(path), message, _subject(path, content))


def _no_operator(value: object) -> str:
    if isinstance(value, dict):
        given = ", ".join(map(str, value)) or "nothing"
        hint = next((s for s in (suggestion(str(k), model.OPERATORS) for k in value) if s), "")
        return f"expected a word or one of {', '.join(model.OPERATORS)}, got {given}{hint}"
    return f"expected a word or a rule, got {_short(value)}"


def _known_keys(location: Sequence[Any]) -> list[str]:
    """Return the keys that the model at ``location`` allows, by walking the models."""
    current: Any = model.SubjectFile
    for part in location[:-1]:
        if isinstance(part, str) and part in model.OPERATORS:
            field = _field(current, part)
            current = field if field is not None else model.OPERATORS[part]
            continue
        found = _field(current, part) if isinstance(part, str) else None
        current = found if found is not None else current
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [field.alias or key for key, field in current.model_fields.items()]
    return []


_BODIES: dict[tuple[type[BaseModel], str], type[BaseModel]] = {
    (model.SubjectFile, "subjects"): model.SubjectModel,
    (model.SubjectModel, "tests"): model.Tests,
    (model.SubjectModel, "rules"): model.WeightedRule,
    (model.Near, "near"): model.NearBody,
    (model.NotNear, "not_near"): model.NotNearBody,
    (model.Stem, "stem"): model.StemBody,
    (model.Weigh, "weigh"): model.WeighBody,
    (model.WeighBody, "evidence"): model.Evidence,
    (model.Tests, "match"): model.Case,
    (model.Tests, "no_match"): model.Case,
}


def _field(current: Any, part: str) -> type[BaseModel] | None:  # noqa: ANN401
    return _BODIES.get((current, part))


def _real_path(location: Sequence[Any], content: Any) -> _Path:  # noqa: ANN401
    """Return ``location`` without the names that pydantic gives to the members of unions."""
    path: list[str | int] = []
    current = content
    for position, part in enumerate(location):
        last = position == len(location) - 1
        try:
            current = current[part]
        except (KeyError, IndexError, TypeError):
            if not (last and isinstance(current, dict)):
                continue
        path.append(part)
    return tuple(path)


def _line(lines: dict[_Path, int], path: _Path) -> int:
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


def _dotted(path: _Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _subject(path: _Path, content: Any) -> str | None:  # noqa: ANN401
    if len(path) > 1 and path[0] == "subjects" and isinstance(path[1], int):
        one = content["subjects"][path[1]]
        return str(one["id"]) if isinstance(one, dict) and "id" in one else None
    return None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _fault(file: str, line: int, path: str, message: str, subject: str | None = None) -> Fault:
    return Fault(file=file, line=line, path=path, message=message, subject=subject)


dotted = _dotted
