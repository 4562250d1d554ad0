"""Runs every benchmark: `make bench`, or one alone with `python -m tests.benchmarks.NAME`."""

from tests.benchmarks import diagnosis_scale, optimizer_band

for benchmark in (optimizer_band, diagnosis_scale):
    print(f"== {benchmark.__name__}", flush=True)
    benchmark.main()
