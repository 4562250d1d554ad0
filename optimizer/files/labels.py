"""The file of named sets of students to compare: {kind: {name: [students]}}."""

from pathlib import Path

from optimizer.files.reading import ProblemError, Reader, file_content, joined
from optimizer.problem import Problem

_READ = Reader(ProblemError)

Labels = dict[str, dict[str, tuple[str, ...]]]


def load_labels(path: Path, problem: Problem) -> Labels:
    """The sets of a file; raises ProblemError, with the field's path, unless each holds students of the problem."""
    known = frozenset(student.id for student in problem.students)
    return {
        kind: {
            name: _READ.known_list(names, joined(kind, name), known, where="students")
            for name, names in _READ.mapping(named, kind).items()
        }
        for kind, named in _READ.mapping(file_content(path, ProblemError), "").items()
    }
