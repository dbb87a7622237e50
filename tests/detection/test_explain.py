"""What an explanation tells of a rule that found its words and did not fire."""

from __future__ import annotations

from pipelines.detection import load_detector
from pipelines.detection.checking import explain


def test_an_explanation_tells_how_near_the_parts_have_to_stand(subject_file):
    rule = "{near: {of: [alpha, beta], within: 4, ordered: true, same: sentence}}"
    text = f"""
version: 1
subjects:
  - id: greek
    kind: agreement
    names: {{en: Greek}}
    rule: {rule}
    tests: {{match: [alpha and beta], no_match: [alpha]}}
"""
    detector = load_detector([subject_file(text)])
    lines = explain(detector, title="", text="Alpha. Beta.", language="en", subjects=["greek"])
    assert lines[1] == "  near (at most 4 words between, in order, same sentence): no match"
