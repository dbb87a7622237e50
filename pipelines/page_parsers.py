"""What a worker of ``vigie extract`` needs: the parsers, and the model that tells languages.

Importing this loads both, so that they are there before a page's five seconds begin; workers
forked afterwards share them.
"""

from __future__ import annotations

from connectors.extraction_page import extract_article
from pipelines.detection import identify_language

__all__ = ["extract_article", "identify_language"]

identify_language("A sentence in the script of most pages has its model loaded.")
