"""Beam's portable runner with names of steps that a later version of the flow keeps.

Beam numbers the steps of a pipeline, and Flink keeps timers under the numbered names: a savepoint
of a flow with one step less brings timers for which there is "no receiver", and the job fails for
ever. Here a step's name follows from its label alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.portable_runner import PortableRunner

from connectors.records import stable_id

if TYPE_CHECKING:
    from apache_beam.options.pipeline_options import PipelineOptions

_NO_WORD = re.compile(r"\W+")


class StableRunner(PortableRunner):
    """Submits pipelines whose steps are named by their labels."""

    def run_portable_pipeline(
        self, pipeline: beam_runner_api_pb2.Pipeline, options: PipelineOptions
    ) -> Any:  # noqa: ANN401 - Beam has no types
        """Submit ``pipeline`` with its steps renamed."""
        return super().run_portable_pipeline(renamed(pipeline), options)


def renamed(pipeline: beam_runner_api_pb2.Pipeline) -> beam_runner_api_pb2.Pipeline:
    """Return ``pipeline`` with steps named by their labels, which are unique, not numbered."""
    found = pipeline.components.transforms
    names = {old: step_name(step.unique_name) for old, step in found.items()}
    made = beam_runner_api_pb2.Pipeline()
    made.CopyFrom(pipeline)
    made.components.transforms.clear()
    for old, step in found.items():
        kept = made.components.transforms[names[old]]
        kept.CopyFrom(step)
        kept.subtransforms[:] = [names[one] for one in step.subtransforms]
    made.root_transform_ids[:] = [names[one] for one in pipeline.root_transform_ids]
    return made


def step_name(label: str) -> str:
    """Return the name of the step with this label.

    >>> step_name("DropSeen/Forget (30 days)")
    'DropSeen-Forget-30-days-5e40851d'
    """
    return f"{_NO_WORD.sub('-', label).strip('-')}-{stable_id(label)[:8]}"
