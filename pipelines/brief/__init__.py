"""The briefing: what people without Kibana read, one self-contained HTML file."""

from pipelines.brief.gather import render_brief_of, subject_names
from pipelines.brief.model import Contradiction, Side, Timeline
from pipelines.brief.page import content_security_policy, render_brief

__all__ = [
    "Contradiction",
    "Side",
    "Timeline",
    "content_security_policy",
    "render_brief",
    "render_brief_of",
    "subject_names",
]
