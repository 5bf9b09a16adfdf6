"""How well personal data is hidden, on notes that were not used for tuning: `thinkfamily evaluate redaction`."""

from redaction.evaluation.run import evaluate_redaction

__all__ = ["evaluate_redaction"]
