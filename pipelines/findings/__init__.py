"""Findings: what the claims of all sources add up to, kept in the index.

A finding is a contradiction, a refinement, a revision, or one stage of the timeline of a
deployment. :mod:`pipelines.claims` defines them; here they become documents that follow the
claims: found, kept up, and marked as resolved. docs/decisions/0016-findings.md says why so.
"""

from pipelines.findings.keeping import Pace, update_findings
from pipelines.findings.making import make_findings
from pipelines.findings.reading import Course, courses_of, current_findings

__all__ = [
    "Course",
    "Pace",
    "courses_of",
    "current_findings",
    "make_findings",
    "update_findings",
]
