"""The import directions of the project, and what must never be loaded from elsewhere."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Each part of the tree, and what it may not import: imports go one way, from the pages down to the engine.
FORBIDDEN = {
    "optimizer": ("apdash", "dash", "duckdb", "polars", "flask"),
    "apdash/store": (
        "dash",
        "flask",
        "pulp",
        "highspy",
        "optimizer",
        "apdash.pages",
        "apdash.components",
        "apdash.web",
    ),
    "apdash/imports": ("dash", "flask", "optimizer", "apdash.pages", "apdash.components", "apdash.web"),
    "apdash/exports": ("dash", "flask", "optimizer", "apdash.pages", "apdash.components", "apdash.web"),
    "apdash/reference": ("dash", "flask", "duckdb", "apdash.store", "apdash.pages"),
    "apdash/diagnosis": ("dash", "flask", "duckdb", "optimizer", "apdash.pages"),
    "apdash/rebalancing": ("dash", "flask", "duckdb", "apdash.pages"),
    "apdash/components": ("apdash.store", "apdash.services", "duckdb", "apdash.pages"),
    "apdash/pages": ("duckdb", "pulp", "highspy", "optimizer", "apdash.web", "apdash.auth"),
    "apdash/demo": ("dash", "flask", "duckdb", "apdash.pages"),
}
ONLY_HERE = {
    "duckdb": ("apdash/store/", "apdash/cli", "apdash/backup"),
    "pulp": ("optimizer/",),
    "highspy": ("optimizer/",),
    "optimizer": ("optimizer/", "apdash/rebalancing"),
}


def sources(part: str) -> list[Path]:
    folder = ROOT / part
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def is_under(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


@pytest.mark.parametrize("part", FORBIDDEN)
def test_a_part_imports_only_downwards(part: str) -> None:
    breaches = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in sources(part)
        for name in imported(file)
        for module in FORBIDDEN[part]
        if is_under(name, module)
    ]
    assert sources(part)
    assert breaches == []


@pytest.mark.parametrize("module", ONLY_HERE)
def test_an_engine_is_imported_in_one_place_only(module: str) -> None:
    files = [file for part in ("apdash", "optimizer") for file in sources(part)]
    breaches = [
        str(file.relative_to(ROOT))
        for file in files
        if any(is_under(name, module) for name in imported(file))
        and not str(file.relative_to(ROOT)).startswith(ONLY_HERE[module])
    ]
    assert breaches == []


def test_figures_never_see_the_store() -> None:
    files = list((ROOT / "apdash" / "pages").rglob("figures.py"))
    breaches = [
        str(f)
        for f in files
        if any(is_under(n, m) for n in imported(f) for m in ("apdash.store", "apdash.services"))
    ]
    assert breaches == []


def test_nothing_is_loaded_from_another_host() -> None:
    pattern = re.compile(
        r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org/2000/svg)[a-z0-9.-]+", re.IGNORECASE
    )
    files = [
        file
        for folder in ("apdash", "optimizer", "assets")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".js", ".css", ".html", ".svg"}
    ]
    found = [
        f"{file.relative_to(ROOT)}: {match}"
        for file in files
        for match in pattern.findall(file.read_text("utf-8"))
    ]
    assert files
    assert found == []


def test_no_module_opens_anything_when_imported() -> None:
    for file in (ROOT / "app.py", *sources("apdash"), *sources("optimizer")):
        if file.name == "__main__.py":
            continue
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                pytest.fail(f"{file.relative_to(ROOT)} calls something at import time, line {node.lineno}")
