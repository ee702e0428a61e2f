"""The rules of the sources that no compiler checks. Each failure names the file, the line, and what to do."""

import collections
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Floors that each floor, a folder of src, may include. See "The floors" in docs/ARCHITECTURE.md.
MAY_INCLUDE = {
    "base": "",
    "config": "base",
    "image": "base",
    "net": "base",
    "catalog": "base image",
    "store": "base config net",
    "service": "base config image catalog store",
    "identity": "base config image net catalog",
    "http": "base config",
    "api": "base config image service identity http",
    "app": "base config image net catalog store service identity http api",
    "cli": "base config net app",
}

# Rooms that each room of a floor may include. "" is the root, which has the sources in no room; every room may include
# it.
ROOMS_MAY_INCLUDE = {
    "image": {"": "formats", "formats": ""},
    "catalog": {"": "engine", "engine": "", "images": "engine", "lists": "engine images", "bin": "engine images",
                "identity": "engine", "operation": "engine"},
    "store": {"": "file http rbd", "file": "", "http": "", "rbd": ""},
    "service": {"": "", "images": "bin operation uploads", "uploads": "", "bin": "", "operation": ""},
    "identity": {"": "", "users": "", "sign_in": "users", "keystone": "sign_in"},
    "http": {"": "connections wire", "clients": "wire", "connections": "clients wire", "wire": ""},
    "api": {"": "browser", "images": "", "uploads": "", "bin": "images", "identity": "", "browser": "",
            "operation": ""},
}

# Floors that may include the header of a library, so that the library can be replaced there.
ONE_PARTS_OWN = {
    r"SQLiteCpp/|sqlite3\.h": {"catalog"},
    r"toml\+\+/": {"config"},
    r"CLI/": {"cli"},
    r"spdlog/": {"base"},
    r"httplib\.h": {"http", "net"},
    r"rbd/|rados/": {"store"},
}

# Sources that may start threads: base/worker, pools, the poller, and calls into libraries that cannot be interrupted.
MAY_MAKE_THREADS = {"base/worker", "http/connections/poller", "http/connections/worker_pool", "net/name_lookup",
                    "service/bin/scrub_pass", "service/uploads/fan_out", "store/rbd/limited_calls"}

EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "common", "misc"}
MAX_LINE = 120
MAX_FILES = 8  # in a folder without a README
# Folders of the file system that a text may name. If this checkout is in another one, that is specific to this machine.
STANDARD_FOLDERS = {"tmp", "srv", "opt", "usr", "var", "etc", "run", "mnt", "media", "home"}
REGISTRIES = re.compile(r"\b(?:npmjs\.(?:org|com)|pypi\.org|pythonhosted\.org|crates\.io|proxy\.golang\.org|"
                        r"(?:deb|ftp|security)\.debian\.org|artifactory|nexus)\b")
SQL = re.compile(r'"\s*(?:SELECT\s.+\sFROM|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|'
                 r'(?:CREATE|ALTER|DROP)\s+(?:TABLE|INDEX|TRIGGER|VIEW)|PRAGMA|BEGIN\s+IMMEDIATE)\b')
# How we write: a comment begins with a verb or a noun, not with the end of a sentence that only its author began.
FIRST_WORDS = re.compile(r"(?:What|How|Who|Whoever|Whose|Whom|Where|Wherever|As|With|Of|Which|That|Those|Such|Twice|"
                         r"Nothing|Nobody|Likewise)\b")
QUAINT = re.compile(r"\b(?:let alone|sets? about|some day|for ever|anew|lets? go of|what becomes? of|none that is|"
                    r"has (?:it|them|the \w+) (?:do|end|go))\b", re.IGNORECASE)
TEXT_ENDINGS = {".cpp", ".hpp", ".h", ".py", ".sql", ".ts", ".tsx", ".css", ".html", ".sh", ".toml", ".cmake", ".json",
                ".md", ".txt", ".yml", ".yaml", ".service", ""}


def tracked():
    """Returns the text files of git, and new ones that it does not ignore."""
    names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
                           cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [path for name in names if name and (path := ROOT / name).is_file() and path.suffix in TEXT_ENDINGS]


FILES = tracked()
CODE = [path for path in FILES if path.suffix in {".cpp", ".hpp", ".h"}]
SOURCES = [path for path in CODE if ROOT / "src" in path.parents] + [ROOT / "main.cpp"]


def part(path):
    """Returns the floor of a source, which is its folder in src; "main" for main.cpp."""
    inside = path.relative_to(ROOT).parts
    return inside[1] if inside[0] == "src" else "main"


def room(path):
    """Returns the room of a source, which is its folder in the floor; "" for the root."""
    inside = path.relative_to(ROOT / "src").parts
    return inside[1] if len(inside) > 2 else ""


def included(sources):
    """Yields each include of a header of src: the source, the line and the header."""
    for path, number, line in lines(sources):
        if match := re.match(r'\s*#\s*include\s+"(?:src/)?([^"]+)"', line):
            yield path, number, ROOT / "src" / match[1]


def lines(paths):
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            yield path, number, line


def found(paths, pattern, why):
    """Returns a report of each line that the pattern matches."""
    pattern = re.compile(pattern)
    return [f"{path.relative_to(ROOT)}:{number}: {why}: {line.strip()[:100]}"
            for path, number, line in lines(paths) if pattern.search(line)]


def hold(problems):
    if problems:
        pytest.fail("\n" + "\n".join(problems), pytrace=False)


def comments(path):
    """Returns the comments of a source, each with the number of its first line and with its lines joined."""
    texts = {}
    first = None
    for _, number, line in lines([path]):
        match = re.match(r"\s*///? ?(.*)", line)
        trailing = re.search(r"\s///< (.*)", line)
        if match and first:
            texts[first] += " " + match[1]
        elif match or trailing:
            first = number if match else None
            texts[number] = (match or trailing)[1]
        else:
            first = None
    return texts.items()


def test_comments_are_plain_english():
    problems = []
    for path, number, text in ((path, *comment) for path in SOURCES for comment in comments(path)):
        where = f"{path.relative_to(ROOT)}:{number}"
        if match := FIRST_WORDS.match(text):
            problems.append(f"{where}: begin with a verb or a noun instead of '{match[0]}': {text[:80]}")
        if match := QUAINT.search(text):
            problems.append(f"{where}: put '{match[0]}' in plain words: {text[:80]}")
    hold(problems)


def test_includes_go_down_the_parts_only():
    problems = []
    for path, number, header in included(SOURCES):
        here, there = part(path), part(header)
        allowed = {"cli"} if here == "main" else {here, *MAY_INCLUDE.get(here, "").split()}
        if there not in allowed:
            problems.append(f"{path.relative_to(ROOT)}:{number}: {here} may not include {there}, only "
                            f"{' '.join(sorted(allowed - {here})) or 'itself'}")
    hold(problems)


def test_includes_go_down_the_rooms_of_a_part_only():
    problems = []
    for path, number, header in included(SOURCES):
        if part(path) != part(header) or part(path) not in ROOMS_MAY_INCLUDE:
            continue
        here, there = room(path), room(header)
        allowed = {here, "", *ROOMS_MAY_INCLUDE[part(path)].get(here, "").split()}
        if there not in allowed:
            problems.append(f"{path.relative_to(ROOT)}:{number}: in {part(path)}, {here or 'the root'} may not include "
                            f"{there}, only {' '.join(sorted(allowed - {here, ''})) or 'the root'}")
    hold(problems)


def test_no_sources_include_each_other():
    """Longer circles are forbidden too. A source and its header count as one."""
    uses = {}
    for path, _, header in included(SOURCES):
        if path.with_suffix("") != header.with_suffix(""):
            uses.setdefault(path.with_suffix(""), set()).add(header.with_suffix(""))
    # A source that includes none of the others is in no circle, and neither is one that none of them includes.
    while done := {source for source, used in uses.items() if not used & uses.keys()}:
        uses = {source: used for source, used in uses.items() if source not in done}
    while done := uses.keys() - set().union(*uses.values()):
        uses = {source: used for source, used in uses.items() if source not in done}
    hold([f"{source.relative_to(ROOT)} is in a circle with "
          f"{' '.join(sorted(str(other.relative_to(ROOT)) for other in used & uses.keys()))}"
          for source, used in uses.items()])


def test_every_source_is_in_a_known_part_and_room():
    hold([f"{path.relative_to(ROOT)}: src has no part '{part(path)}'"
          for path in SOURCES if part(path) not in {*MAY_INCLUDE, "main"}])
    hold([f"{path.relative_to(ROOT)}: {part(path)} has no room '{room(path)}'" for path in SOURCES
          if part(path) != "main" and room(path) not in {"", *ROOMS_MAY_INCLUDE.get(part(path), {})}])


def test_every_source_has_a_test_or_a_suite_that_covers_it():
    """A source has a test of the same name in tests/, or a row of the table in docs/ARCHITECTURE.md."""
    covered, problems = {}, []
    document = ROOT / "docs/ARCHITECTURE.md"
    for path, number, line in lines([document]):
        if not (row := re.match(r"\| `(src/[\w/]+)` \| ([\w ]+) \| (.+) \|$", line)):
            continue
        covered.update({f"{row[1]}/{name}": number for name in row[2].split()})
        problems += [f"{document.name}:{number}: there is no suite {suite}"
                     for suite in re.findall(r"`([^`]+)`", row[3]) if not (ROOT / suite).is_file()]
    sources = {str(path.relative_to(ROOT).with_suffix("")) for path in SOURCES} - {"main"}
    tested = {source for source in sources if (ROOT / f"tests{source[3:]}_test.cpp").is_file()}
    problems += [f"{source}: write {f'tests{source[3:]}_test.cpp'}, or name the suite that covers it in {document.name}"
                 for source in sorted(sources - tested - covered.keys())]
    problems += [f"{document.name}:{number}: {source} {'has a test of its own' if source in tested else 'is gone'}"
                 for source, number in covered.items() if source not in sources - tested]
    hold(problems)


def test_a_library_of_one_part_stays_in_it():
    problems = []
    for header, owners in ONE_PARTS_OWN.items():
        outside = [path for path in SOURCES if part(path) not in owners]
        problems += found(outside, rf"^\s*#\s*include\s+[<\"](?:{header})", f"belongs to {' '.join(sorted(owners))}")
    hold(problems)


def test_headers_are_included_once_and_by_the_compiler():
    hold([f"{path.relative_to(ROOT)}: '#pragma once' is missing" for path in CODE
          if path.suffix == ".hpp" and not path.read_text(encoding="utf-8").startswith("#pragma once\n")])


def test_sql_is_in_the_catalog_alone():
    hold(found([path for path in SOURCES if part(path) != "catalog"], SQL, "SQL outside src/catalog"))


def test_no_slow_regular_expressions():
    hold(found(SOURCES, r"\bstd::w?regex|#\s*include\s+<regex>", "std::regex: parse by hand"))


def test_background_work_is_done_by_workers():
    def is_other(path):
        return str(path.with_suffix("")).removeprefix(f"{ROOT}/src/") not in MAY_MAKE_THREADS
    hold(found(filter(is_other, SOURCES), r"\bstd::(?:j?thread\b(?!::id)|async\b)",
               "a thread: use a Worker (base/worker.hpp)"))


def test_locks_have_rules_that_the_compiler_checks():
    others = [path for path in SOURCES if path != ROOT / "src/base/mutex.hpp"]
    hold(found(others, r"\bstd::(?:\w*mutex|lock_guard|(?:unique|scoped|shared)_lock|condition_variable\w*)\b",
               "a lock without rules: use Mutex, MutexLock and ConditionVariable (base/mutex.hpp)"))


def test_no_promises_in_the_code():
    scripts = [path for path in FILES if path.suffix != ".md" and path != pathlib.Path(__file__).resolve()]
    hold(found(scripts, r"\b(?:TODO|FIXME|XXX|HACK)\b", "do it, or open an issue"))


def test_tests_have_one_deadline():
    """A number of seconds in a test would be a guess about the speed of the machine."""
    tests = ROOT / "tests/system"
    hold(found([path for path in FILES if tests in path.parents and path.name != "deadline.py"],
               r"\btimeout=\d|\bjoin\(\d|settimeout\((?:[2-9]|\d\d)|assert .*monotonic\(\) - \w+ <",
               "bound it by DEADLINE"))


def test_no_tabs_and_no_long_lines():
    written = [path for path in FILES if path.suffix not in {".md", ".json"} and path.name != "LICENSE"]
    hold(found(written, r"\t", "a tab"))
    hold(found(written, rf"^.{{{MAX_LINE + 1},}}$", f"more than {MAX_LINE} characters"))


def test_no_space_at_the_end_of_a_line():
    hold(found([path for path in FILES if path.suffix != ".md"], r"[ \r]+$", "a space at the end"))


def test_files_are_named_after_what_they_hold():
    names = [str(path.relative_to(ROOT)) for path in FILES]
    hold([f"{name}: '{word}' says nothing: name it after the one thing that it holds"
          for name in names for word in re.split(r"[/_.-]", name.lower()) if word in EMPTY_NAMES])


def test_large_folders_say_what_belongs_there():
    """Folders of tests/ that mirror src/ are excepted."""
    counts = collections.Counter(path.parent for path in FILES if path.parent != ROOT)
    mirrors = {ROOT / "tests" / folder.relative_to(ROOT / "src") for folder in counts if ROOT / "src" in folder.parents}
    hold([f"{folder.relative_to(ROOT)}: {count} files: say in a README.md of two lines what belongs there, and what not"
          for folder, count in counts.items()
          if count > MAX_FILES and folder not in mirrors and not (folder / "README.md").is_file()])


def test_the_documents_name_files_that_are_there():
    named = re.compile(r"`((?:cmake|docs|scripts|src|tests|web)/[\w./-]*)`")
    hold([f"{path.relative_to(ROOT)}:{number}: there is no {name}"
          for path, number, line in lines([path for path in FILES if path.suffix == ".md"])
          for name in named.findall(line) if not (ROOT / name).exists()])


def test_nothing_names_this_machine():
    others = [path for path in FILES if path != pathlib.Path(__file__).resolve()]
    own = {str(ROOT), str(pathlib.Path.home()).rstrip("/")} - {""}
    if ROOT.parts[1] not in STANDARD_FOLDERS:
        own.add("/" + ROOT.parts[1])
    names = "|".join(re.escape(name) for name in own)
    hold(found(others, rf"(?<![\w.}}])(?:{names})/", "a path of this machine"))


def test_nothing_names_a_package_registry():
    others = [path for path in FILES if path != pathlib.Path(__file__).resolve()]
    hold(found(others, REGISTRIES, "a package registry: the machine's own set-up says where packages come from"))
