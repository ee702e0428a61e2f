"""Compiles sources one by one, as the units of the other builds do not show which of them lacks an include.

    alone.py [REV]      those that changed since REV, and those that include what changed; without REV all

It writes nothing but build/alone, and prints what the compiler says.
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
# A commit that touches more than this many sources moves or renames; scripts/test --full looks at all of them.
MAX_OF_A_COMMIT = 100


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def is_source(name):
    return name.startswith("src/") and name.endswith((".cpp", ".hpp"))


def changed_since(revision):
    """Names of sources, those not committed yet among them."""
    names = {line[3:] for line in git("status", "--porcelain", "-uall").splitlines()}
    for commit in git("log", "--format=", "--name-only", "-z", f"{revision}..HEAD", "--format=%x01").split("\x01"):
        of_commit = [name for name in commit.strip("\0\n").replace("\n", "\0").split("\0") if is_source(name)]
        if len(of_commit) <= MAX_OF_A_COMMIT:
            names.update(of_commit)
    return {name for name in names if is_source(name) and (ROOT / name).is_file()}


def with_includers(names):
    """The names, and those of the sources that include one of them, directly or not."""
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
    """Name of a source → what compiles it, without units, and without sanitizers, which are of no use here."""
    subprocess.run(["cmake", "--preset", "dev", "-B", BUILD, "-DREPRIEVE_UNITY=OFF", "-DREPRIEVE_SANITIZE="], cwd=ROOT,
                   check=True, stdout=subprocess.DEVNULL)
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        words = words[next(n for n, word in enumerate(words) if word.endswith("c++")):words.index("-o")]
        found[os.path.relpath(entry["file"], ROOT)] = [*words, "-fsyntax-only", entry["file"]]
    return found


def main():
    known = commands()
    names = set(known)
    if len(sys.argv) > 1:
        names &= with_includers(changed_since(sys.argv[1]))
    names = sorted(name for name in names if is_source(name))
    print(f"{len(names)} files compiled one by one", flush=True)

    def compile_one(name):
        done = subprocess.run(known[name], cwd=BUILD, capture_output=True, text=True)
        sys.stdout.write(done.stderr)
        return done.returncode == 0

    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("REPRIEVE_JOBS", os.cpu_count()))) as pool:
        return 0 if all(list(pool.map(compile_one, names))) else 1


if __name__ == "__main__":
    sys.exit(main())
