"""Detection: every mention of the tracked subjects, in any spelling, case and language."""

from pipelines.detection.detector import Detector, Subject, load_detector
from pipelines.detection.errors import Fault, SubjectsError
from pipelines.detection.language import identify_language
from pipelines.detection.loading import default_subjects_dir
from pipelines.detection.sentences import sentences

__all__ = [
    "Detector",
    "Fault",
    "Subject",
    "SubjectsError",
    "default_subjects_dir",
    "identify_language",
    "load_detector",
    "sentences",
]
