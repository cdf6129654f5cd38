"""What is said of the findings of a run: which requests show a symptom, and what parts them.

A case that failed stays failed; here it is only put beside others of its kind. Knows the nouns and
the findings, no check and no area by its name.
"""

from conformance.diagnosis.diagnose import diagnose
from conformance.diagnosis.statement import Banner, Diagnosis, Statement

__all__ = ["Banner", "Diagnosis", "Statement", "diagnose"]
