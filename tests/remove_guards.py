"""Removes the portal's guards one at a time and sees that a test fails for each: a guard nobody tests is no guard.

`python tests/remove_guards.py [words of a name]` works on copies of the tree; the tree itself stays as it is. A guard
whose line is not found once, or whose removal breaks more than it opens (tests that can't even run), counts as failed.
`TESTED=1` says that all tests have just passed, so that they are not run once more with every guard in its place.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.guarding import LEAKS, QUICKEST_LEAKS, Guard
from tests.guards import GUARDS

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")
AT_ONCE = min(4, os.cpu_count() or 1)
TESTS_FAILED = 1  # pytest's own code for it: not an error of usage, not "no tests"
# Each guard begins with the database as migrations make it; they run once, but for guards that stand in them.
DATABASE = "test.sqlite3"
SOME_TEST = "tests/survey/test_statistics.py"
IN_THE_DATABASE = ("migrations", "freezing.py")


def main() -> int:
    words = " ".join(sys.argv[1:])
    guards = [guard for guard in GUARDS if words in guard.name]
    with tempfile.TemporaryDirectory(prefix="sih-guards-") as scratch:
        trees: Queue[Path] = Queue()
        for number in range(AT_ONCE):
            tree = Path(scratch) / f"tree-{number}"
            shutil.copytree(ROOT, tree / "portal", ignore=LEFT_OUT)
            compile_modules(tree)
            trees.put(tree)
        make_databases(list(trees.queue))
        if not os.environ.get("TESTED") and not passes_with_all_guards(trees, guards):
            return 1
        with ThreadPoolExecutor(AT_ONCE) as pool:
            complaints = list(pool.map(lambda guard: complaint_about(guard, trees), guards))
    failed = [f"{guard.name}: {said}" for guard, said in zip(guards, complaints, strict=True) if said]
    print("\n".join([*failed, f"{len(guards) - len(failed)} of {len(guards)} guards: a test fails without it"]))
    return 1 if failed or not guards else 0


def passes_with_all_guards(trees: "Queue[Path]", guards: Sequence[Guard]) -> bool:
    """Whether the tests that have to fail pass now; without this a broken test would count as a good one."""
    tree = trees.get()
    ended = pytest(tree, sorted({path for guard in guards for path in guard.tests.split()}))
    trees.put(tree)
    if ended.returncode:
        print(f"The tests fail with every guard in its place:\n{ended.stdout[-4000:]}")
    return ended.returncode == 0


def compile_modules(tree: Path) -> None:
    """This will spare every later run the compiling of all modules but the changed one, which its hash gives away."""
    compiling = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", str(tree / "portal")]
    subprocess.run(compiling, check=True)


def make_databases(trees: Sequence[Path]) -> None:
    """This will make the database once, and keep an untouched copy of it beside each tree."""
    made = pytest(trees[0], [SOME_TEST, "--create-db"])
    if made.returncode:
        raise SystemExit(f"The database of the tests can't be made:\n{made.stdout[-4000:]}")
    for tree in trees:
        with sqlite3.connect(trees[0] / "var" / DATABASE) as source, sqlite3.connect(tree / DATABASE) as copy:
            source.backup(copy)


def put_back_database(tree: Path) -> None:
    (tree / "var").mkdir(exist_ok=True)
    for rest in ("-wal", "-shm"):
        (tree / "var" / f"{DATABASE}{rest}").unlink(missing_ok=True)
    shutil.copy(tree / DATABASE, tree / "var" / DATABASE)


def complaint_about(guard: Guard, trees: "Queue[Path]") -> str:
    """What is wrong when the guard is gone and nothing happens; empty when a test fails as it should."""
    tree = trees.get()
    path = tree / "portal" / guard.path
    original = path.read_text(encoding="utf-8")
    try:
        if original.count(guard.line) != 1:
            return f"its line stands {original.count(guard.line)} times in {guard.path}"
        path.write_text(original.replace(guard.line, guard.without), encoding="utf-8")
        return judged(tree, guard)
    finally:
        path.write_text(original, encoding="utf-8")
        trees.put(tree)


def judged(tree: Path, guard: Guard) -> str:
    """The one quick look for leaks comes first: where it notices, the rest of its file need not run."""
    tests = guard.tests.split()
    anew = ["--create-db"] if any(part in Path(guard.path).parts for part in IN_THE_DATABASE) else []
    put_back_database(tree)
    ended = pytest(tree, [*([QUICKEST_LEAKS] if LEAKS in tests else tests), *anew])
    if LEAKS in tests and ended.returncode == 0:
        ended = pytest(tree, [*tests, *anew])
    caught = ended.returncode == TESTS_FAILED
    print(f"{'caught' if caught else 'NOT CAUGHT'}: {guard.name}", flush=True)
    said = f"pytest ended with {ended.returncode} without {guard.path}: {guard.line.strip()}\n{ended.stdout[-2000:]}"
    return "" if caught else said


def pytest(tree: Path, tests: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    # Only whether a test fails is asked, so asserts need not be rewritten to explain themselves.
    options = ["-q", "-x", "-p", "no:cacheprovider", "--reuse-db", "--assert=plain"]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    settings = {**os.environ, "VAR_DIR": str(tree / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=tree / "portal", env=settings, capture_output=True, text=True, check=False, timeout=1800
    )


if __name__ == "__main__":
    sys.exit(main())
