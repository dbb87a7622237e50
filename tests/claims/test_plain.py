"""Plain sentences by the thousand: what agencies print, one claim each, in nineteen languages."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEAST = 0.94
"""Share of all that must be right; .959 when this was written."""

LEAST_OF_A_LANGUAGE = 0.85


def _tool():
    spec = importlib.util.spec_from_file_location("score_plain", ROOT / "tools" / "score_plain.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nearly_all_plain_sentences_state_what_they_say():
    tool = _tool()
    right: dict[str, list[bool]] = {}
    for path in sorted(tool.FOLDER.glob("*.txt")):
        right[path.stem] = [
            tool.stated(one.text, path.stem) == one.expected for one in tool.read_plain(path)
        ]
    every = [one for language in right.values() for one in language]
    assert len(every) > 2_000
    assert sum(every) / len(every) >= LEAST
    low = {name: sum(of) / len(of) for name, of in right.items()}
    assert {name: share for name, share in low.items() if share < LEAST_OF_A_LANGUAGE} == {}
