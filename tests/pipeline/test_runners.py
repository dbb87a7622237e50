"""The engines that a run is given."""

import subprocess

from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions

from pipelines.runners import PrismServer, streaming_pipeline


def test_the_binary_of_prism_is_started_as_it_is(tmp_path):
    """Beam would set its mode, which a read-only file system refuses."""
    binary = tmp_path / "prism"
    binary.write_text('#!/bin/sh\necho "$@"\n')
    binary.chmod(0o555)
    before = binary.stat().st_ctime_ns
    command, endpoint = PrismServer(PipelineOptions([]), str(binary)).subprocess_cmd_and_endpoint()
    assert binary.stat().st_ctime_ns == before
    said = subprocess.run(map(str, command), capture_output=True, text=True, check=True).stdout
    assert f"--job_port {endpoint.rpartition(':')[2]}" in said


def test_a_job_of_months_can_still_be_drained_and_still_says_why_it_failed():
    """Its streams end with Beam's time-out for requests: by default after five minutes."""
    with streaming_pipeline("prism") as pipeline:
        timeout_secs = pipeline.options.view_as(PortableOptions).job_server_timeout
    assert timeout_secs > 366 * 86_400
