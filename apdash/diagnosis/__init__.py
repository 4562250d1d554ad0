"""From what was observed to the intensity of each need, with what made it."""

from apdash.diagnosis.answers import CHOICES, choices
from apdash.diagnosis.diagnose import Diagnosis, diagnose
from apdash.diagnosis.profiles import profiles
from apdash.diagnosis.review import diagnose_review

__all__ = ["CHOICES", "Diagnosis", "choices", "diagnose", "diagnose_review", "profiles"]
