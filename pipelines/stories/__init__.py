"""Stories: copies folded, reports of one development joined, each development told once.

``StoryBook.place`` says what an article is (copy, further report, new story) and what is new
in it; ``decide_alerts`` says which of that a subject's rules want to hear. Neither knows Beam,
a clock or an index.
"""

from pipelines.stories.alerts import DEVELOPMENTS, AlertRule, decide_alerts, release_at
from pipelines.stories.book import DEFAULT_WINDOW, StoryBook
from pipelines.stories.model import ClaimKey, Development, Placement, Story
from pipelines.stories.score import Scorer, score_pair

__all__ = [
    "DEFAULT_WINDOW",
    "DEVELOPMENTS",
    "AlertRule",
    "ClaimKey",
    "Development",
    "Placement",
    "Scorer",
    "Story",
    "StoryBook",
    "decide_alerts",
    "release_at",
    "score_pair",
]
