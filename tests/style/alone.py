"""Compiles sources one by one, without output files. Units of many sources do not show which of them lacks an include.

    alone.py [REV]      the sources that changed since REV, and those in src/ that include them; without REV all

With REV it skips sources of which only comments changed, and tests that only include a changed source, because there
are many and each takes seconds. It also skips a commit that touches more than MAX_OF_A_COMMIT sources, such as a move
or a renaming.
"""

import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/alone"
MAX_OF_A_COMMIT = 100


def git(*arguments):
    """Runs git. Returns the names that it prints, which must be separated by NUL (-z)."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in done.stdout.split("\0") if name]


def is_source(name):
    return name.startswith(("src/", "tests/", "main.cpp")) and name.endswith((".cpp", ".hpp"))


def changed_since(revision):
    """Returns the names of the sources that changed since the revision, also those without a commit yet."""
    names = {*git("diff", "--name-only", "-z", "--no-renames", "HEAD"),
             *git("ls-files", "-z", "--others", "--exclude-standard")}
    for commit in git("log", "-z", "--no-merges", "--format=%H", f"{revision}..HEAD"):
        touched = git("diff-tree", "-r", "-z", "--root", "--no-commit-id", "--name-only", "--no-renames", commit)
        touched = [name for name in touched if is_source(name)]
        if len(touched) > MAX_OF_A_COMMIT:
            print(f"skipped: commit {commit[:8]}, which touches {len(touched)} sources")
        else:
            names.update(touched)
    return {name for name in names if is_source(name) and code_of(name) != code_of(name, revision)}


def code_of(name, revision=None):
    """Returns the source without comments and white space, as it is now or was in the revision; empty if it did not
    exist."""
    if revision is None:
        text = (ROOT / name).read_text() if (ROOT / name).exists() else ""
    else:
        text = subprocess.run(["git", "show", f"{revision}:{name}"], cwd=ROOT, check=False, capture_output=True,
                              text=True).stdout
    return re.sub(r"//.*|\s", "", text)


def with_includers(names):
    """Returns the names, and those of the sources in src/ that include one of them, directly or not."""
    includers = {}
    for path in (ROOT / "src").rglob("*.?pp"):
        for included in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
            includers.setdefault(f"src/{included}", set()).add(str(path.relative_to(ROOT)))
    found, left = set(names), list(names)
    while left:
        new = includers.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


def commands():
    """Returns the command that compiles each source, without units and without sanitizers, which have no use here."""
    subprocess.run(["cmake", "--preset", "dev", "-B", BUILD, "-DREPRIEVE_UNITY=OFF", "-DREPRIEVE_SANITIZE="], cwd=ROOT,
                   check=True, stdout=subprocess.DEVNULL)
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        found[os.path.relpath(entry["file"], ROOT)] = [*words[:words.index("-o")], "-fsyntax-only", entry["file"]]
    return found


def main():
    known = commands()
    names = {name for name in known if is_source(name)}
    if len(sys.argv) > 1:
        revision = sys.argv[1]
        if subprocess.run(["git", "rev-parse", "-q", "--verify", f"{revision}^{{commit}}"], cwd=ROOT,
                          stdout=subprocess.DEVNULL).returncode == 0:
            names &= with_includers(changed_since(revision))
        else:
            print(f"there is no commit {revision}, perhaps because the clone is shallow: all sources are compiled")
    print(f"{len(names)} sources compiled one by one", flush=True)

    def compile_one(name):
        done = subprocess.run(known[name], cwd=BUILD, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"{done.stderr}{name}: the compiler ended with {done.returncode}", flush=True)
        return done.returncode == 0

    jobs = int(os.environ.get("REPRIEVE_JOBS") or len(os.sched_getaffinity(0)))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return 0 if all(list(pool.map(compile_one, sorted(names)))) else 1


if __name__ == "__main__":
    sys.exit(main())
