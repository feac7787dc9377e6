"""Removes the portal's guards one at a time and sees that a test fails for each: a guard nobody tests is no guard.

`python tests/remove_guards.py [words of a name]` works on copies of the tree; the tree itself stays as it is. A guard
whose line is not found once, or whose removal breaks more than it opens (tests that can't even run), counts as failed.
`TESTED=1` says that all tests have just passed, so that they are not run once more with every guard in its place.
The test that noticed is written beside this file and asked first the next time; where it notices nothing, the rest of
the guard's tests run as if nothing were known.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.guarding import LEAKS, QUICKEST_LEAKS, Guard
from tests.guards import GUARDS

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")
AT_ONCE = min(4, os.cpu_count() or 1)
NOTICED = ROOT / "tests" / "noticed.json"
# Parameters are left out: some hold what no command line takes.
FAILED = re.compile(r"^FAILED ([^\s\[]+)", re.MULTILINE)
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
        noticed()  # read once, before several ask for it
        if not os.environ.get("TESTED") and not passes_with_all_guards(trees, guards):
            return 1
        with ThreadPoolExecutor(AT_ONCE) as pool:
            complaints = []
            for said in pool.map(lambda guard: complaint_about(guard, trees), guards):
                complaints.append(said)
                keep_noticed()  # also a run that is broken off has told something
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
    """What noticed the last time comes first, or else the one quick look for leaks: the rest need not run then."""
    tests = guard.tests.split()
    anew = ["--create-db"] if any(part in Path(guard.path).parts for part in IN_THE_DATABASE) else []
    put_back_database(tree)
    first = noticed().get(guard.name, QUICKEST_LEAKS if LEAKS in tests else "")
    ended = pytest(tree, [first, *anew]) if first else None
    if ended is None or ended.returncode != TESTS_FAILED:
        ended = pytest(tree, [*tests, *anew])
    caught = ended.returncode == TESTS_FAILED
    print(f"{'caught' if caught else 'NOT CAUGHT'}: {guard.name}", flush=True)
    if caught and (failed := FAILED.search(ended.stdout)):
        noticed()[guard.name] = failed[1]
    said = f"pytest ended with {ended.returncode} without {guard.path}: {guard.line.strip()}\n{ended.stdout[-2000:]}"
    return "" if caught else said


@cache
def noticed() -> dict[str, str]:
    """Of each guard by its name, the test that failed without it the last time."""
    told: dict[str, str] = json.loads(NOTICED.read_text(encoding="utf-8")) if NOTICED.exists() else {}
    return told


def keep_noticed() -> None:
    """This will write down which tests noticed, of the guards there are."""
    names = {guard.name for guard in GUARDS}
    told = {name: test for name, test in sorted(noticed().items()) if name in names}
    NOTICED.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def pytest(tree: Path, tests: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    # Only whether a test fails is asked, so asserts need not be rewritten to explain themselves.
    options = ["-q", "-x", "-p", "no:cacheprovider", "--reuse-db", "--assert=plain", "-rf"]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    settings = {**os.environ, "VAR_DIR": str(tree / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=tree / "portal", env=settings, capture_output=True, text=True, check=False, timeout=1800
    )


if __name__ == "__main__":
    sys.exit(main())
