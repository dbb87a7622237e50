"""The briefing: what people without Kibana read, one self-contained HTML file."""

from pipelines.brief.gather import render_brief_of, subject_names
from pipelines.brief.page import content_security_policy, render_brief

__all__ = [
    "content_security_policy",
    "render_brief",
    "render_brief_of",
    "subject_names",
]
