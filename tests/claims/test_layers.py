"""The subpackages of claims build on each other in one direction; names for types are free."""

from __future__ import annotations

import grimp
from grimp import Layer

LAYERS = (
    ("article", "disagreement"),
    ("status",),
    ("place", "when", "speaker"),
    ("sentences",),
    ("words",),
)
"""From the top; those beside each other do not know each other."""


def test_each_subpackage_of_claims_uses_only_those_below_it() -> None:
    found = _imports().find_illegal_dependencies_for_layers(
        layers=[Layer(*names, independent=True) for names in LAYERS],
        containers={"pipelines.claims"},
    )

    assert sorted((one.importer, one.imported) for one in found) == []


def test_every_subpackage_of_claims_has_a_layer() -> None:
    named = {f"pipelines.claims.{name}" for names in LAYERS for name in names}

    assert _imports().find_children("pipelines.claims") == named


def _imports() -> grimp.ImportGraph:
    return grimp.build_graph("pipelines", exclude_type_checking_imports=True, cache_dir=None)
