"""The process in which Vigie's steps run on a cluster: Beam's SDK worker with our metrics.

Flink's TaskManager starts it (environment type ``PROCESS``), or a worker pool beside the
TaskManager does (``EXTERNAL``). Beam's container image has a boot program in Go for this, which
exists as a container only; this is the part of it that an installed Vigie needs. It installs
nothing: the same version of Vigie must be on every worker.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import grpc
from apache_beam.options.pipeline_options import DebugOptions, PipelineOptions, WorkerOptions
from apache_beam.portability.api import (
    beam_provision_api_pb2,
    beam_provision_api_pb2_grpc,
    endpoints_pb2,
)
from apache_beam.runners.worker import sdk_worker_main
from apache_beam.runners.worker.log_handler import FnApiLogRecordHandler
from google.protobuf import json_format, text_format

from connectors import metrics
from pipelines.heap import return_large_blocks
from pipelines.logs import formatter, masked_record, plan_of_experiments, set_up_logging

if TYPE_CHECKING:
    import logging
    from collections.abc import Sequence

PROVISION_SECS = 30
ORPHAN_LOOK_SECS = 2.0
METRICS_PORT = "VIGIE_METRICS_PORT"
METRICS_ADDRESS = "VIGIE_METRICS_ADDRESS"


def main(argv: Sequence[str] | None = None) -> int:
    """Ask the runner what to run, serve metrics, and work until the runner ends it."""
    args, _ = _parser().parse_known_args(argv)
    return_large_blocks()
    threading.Thread(target=_die_with_parent, args=(os.getppid(),), daemon=True).start()
    info = _provision_info(args)
    os.environ.update(worker_environment(args, info))
    _set_up_logging(info)
    port = os.environ.get(METRICS_PORT)
    if port:
        metrics.serve_metrics(int(port), os.environ.get(METRICS_ADDRESS) or "127.0.0.1")
    sdk_worker_main.main([])
    return 0


def _set_up_logging(info: beam_provision_api_pb2.ProvisionInfo) -> None:
    """Log as the process that submitted the job: here, and to the runner's log."""
    options = PipelineOptions.from_dictionary(
        {
            key.removeprefix("beam:option:").removesuffix(":v1"): value
            for key, value in json_format.MessageToDict(info.pipeline_options).items()
        }
    )
    level = options.view_as(WorkerOptions).default_sdk_harness_log_level or "INFO"
    plan = plan_of_experiments(options.view_as(DebugOptions).experiments or [], level)
    set_up_logging(plan)
    shaper = formatter(plan.format)

    class _MaskingHandler(FnApiLogRecordHandler):
        """Beam's handler sends exceptions as they are: give it what may be read."""

        def emit(self, record: logging.LogRecord) -> None:
            super().emit(masked_record(record, shaper))

    sdk_worker_main.FnApiLogRecordHandler = _MaskingHandler


def worker_environment(
    args: argparse.Namespace, info: beam_provision_api_pb2.ProvisionInfo
) -> dict[str, str]:
    """Return the environment variables that Beam's SDK worker reads.

    What the command line names wins over what the runner's provision service says.
    """
    variables = {
        "WORKER_ID": args.id,
        "PIPELINE_OPTIONS": json_format.MessageToJson(info.pipeline_options),
        "SEMI_PERSISTENT_DIRECTORY": args.semi_persist_dir,
        "RUNNER_CAPABILITIES": " ".join(info.runner_capabilities),
        "LOGGING_API_SERVICE_DESCRIPTOR": _endpoint(args.logging_endpoint, info.logging_endpoint),
        "CONTROL_API_SERVICE_DESCRIPTOR": _endpoint(args.control_endpoint, info.control_endpoint),
    }
    if info.HasField("status_endpoint"):
        variables["STATUS_API_SERVICE_DESCRIPTOR"] = text_format.MessageToString(
            info.status_endpoint
        )
    return variables


def _endpoint(given: str, provided: endpoints_pb2.ApiServiceDescriptor) -> str:
    chosen = endpoints_pb2.ApiServiceDescriptor(url=given) if given else provided
    return str(text_format.MessageToString(chosen))


def _provision_info(args: argparse.Namespace) -> beam_provision_api_pb2.ProvisionInfo:
    with grpc.insecure_channel(args.provision_endpoint) as channel:
        stub = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel)
        answer = stub.GetProvisionInfo(
            beam_provision_api_pb2.GetProvisionInfoRequest(),
            metadata=[("worker_id", args.id)],
            timeout=PROVISION_SECS,
            wait_for_ready=True,
        )
    return answer.info


def _die_with_parent(parent: int) -> None:
    """End this process when whoever started it is gone: a killed TaskManager ends nobody."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_LOOK_SECS)
    os._exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vigie-worker", description=__doc__)
    parser.add_argument("--id", required=True)
    parser.add_argument("--provision_endpoint", required=True)
    parser.add_argument("--logging_endpoint", default="")
    parser.add_argument("--control_endpoint", default="")
    parser.add_argument("--artifact_endpoint", default="")
    parser.add_argument("--semi_persist_dir", default="/tmp")  # noqa: S108 - Beam's own default
    return parser


if __name__ == "__main__":
    sys.exit(main())
