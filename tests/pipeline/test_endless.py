"""What ends a job of the endless run before anybody asks for it."""

import pytest
from apache_beam.runners.runner import PipelineState

from connectors import feeds
from pipelines.endless import MOST_SILENCE_SECS, Stop, _watch_job


class Job:
    """A job of a runner that is in ``state``."""

    def __init__(self, state):
        self.state = state
        self.cancelled = False

    def wait_until_finish(self, duration=None):
        assert duration, "a runner that says nothing more is not waited for without end"
        return self.state

    def cancel(self):
        self.cancelled = True


def test_a_job_whose_sources_are_woken_no_more_is_ended():
    job = Job(PipelineState.RUNNING)
    with pytest.raises(RuntimeError, match="no source was woken"):
        _watch_job(job, Stop(), silence_secs=lambda: MOST_SILENCE_SECS + 1)
    assert job.cancelled


def test_a_job_that_failed_is_told_although_its_runner_never_says_why():
    with pytest.raises(RuntimeError, match="FAILED"):
        _watch_job(Job(PipelineState.FAILED), Stop())


def test_a_job_that_runs_and_is_heard_of_goes_on_until_the_stop():
    job, stop = Job(PipelineState.RUNNING), Stop()
    heard = iter([0.0, MOST_SILENCE_SECS - 1])

    def silence_secs():
        try:
            return next(heard)
        except StopIteration:
            stop.event.set()
            return 0.0

    _watch_job(job, stop, silence_secs=silence_secs)
    assert job.cancelled


def test_silence_begins_anew_with_each_job():
    feeds.begin_job()
    assert feeds.silence_secs() < MOST_SILENCE_SECS
