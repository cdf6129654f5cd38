"""What most probably happens to pictures on the way, concluded from the findings of a run.

Knows the nouns and the findings, nothing of the reference endpoint or its faults.
"""
