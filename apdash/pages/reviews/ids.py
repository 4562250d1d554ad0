"""Identifiers of what the bilan pages exchange with the browser."""

GRID = "review-grid"  # filled by assets/review-page.js
GRID_SPEC = "review-grid-spec"
GRID_READY = "review-grid-ready"
GRID_STATUS = "review-grid-status"
GRID_PASTE = "review-grid-paste"
GRID_LEFT = "review-grid-left"
GRID_OPTIONS = "review-grid-options"

CLOSE = "review-close"
CLOSE_DIALOG = "review-close-dialog"
CLOSE_COST = "review-close-cost"
CLOSE_CONFIRM = "review-close-confirm"
CLOSE_CANCEL = "review-close-cancel"
REOPEN = "review-reopen"
WHICH = "review-which"  # numbers of the bilan and the division on screen

INTERVIEW_STATUS = "interview-status"
INTERVIEW_CHOICE = "interview-choice"
INTERVIEW_COUNT = "interview-count"  # how many had theirs, in the choice of what is shown
INTERVIEW_LEAD = "interview-lead"  # the same in a sentence
INTERVIEW_WHO = "interview-who"  # numbers of the bilan and the student on screen


def answer(question: int) -> dict[str, str | int]:
    """Return the id of the answers to a question."""
    return {"type": "interview-answer", "question": question}


def mark(student: int) -> dict[str, str | int]:
    """Return the id of the circle of a student in the list: empty, half or full."""
    return {"type": "interview-mark", "student": student}


def told(student: int) -> dict[str, str | int]:
    """Return the id of how far a student's interview is, in the list."""
    return {"type": "interview-told", "student": student}
