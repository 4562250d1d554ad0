"""Runs every benchmark: `make bench`, or one alone with `python -m tests.benchmarks.NAME`.

Options are those of `optimizer_speed`: without any, the whole table takes hours.
"""

import sys

from tests.benchmarks import diagnosis_scale, optimizer_growth, optimizer_speed

print("== how fast the search is", flush=True)
optimizer_speed.main(sys.argv[1:])
print("== how it grows", flush=True)
optimizer_growth.main([])
print("== a bilan in a large file", flush=True)
diagnosis_scale.main()
