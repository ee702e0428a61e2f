"""The steps of scripts/test (see its --help): the command of each, the steps before it, and the number of cores that it
keeps busy. Steps run in parallel if there are enough cores."""

import argparse
import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "build/test"
MAX_BINARY_BYTES = 12_000_000
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RUNNERS_LAST_LINE = re.compile(r"\d+ passed|^# pass \d+|No errors detected|^\*\*\* \d+ fail|only the C library")
# Busy loops for --under-load. They are nicer than the tests, so the tests get about half of the CPU time, in pieces.
LOOPS_PER_CORE = 2
LOOPS_NICENESS = 5
BUSY_LOOP = """
import os, sys
while os.getppid() == int(sys.argv[1]):
    for _ in range(1_000_000):
        pass
"""
# The tests of image data: the round trip, the restore, the crash and the recovery.
ON_CEPH = [f"tests/system/test_{name}.py"
           for name in ("bin", "crash", "image_api_data", "real_images", "scrubber", "scrub_failure")]


class Step:
    """Command of scripts/test. `after`: names of the steps that it needs. `cores`: number of cores that it counts for;
    few, because most tests wait more than they compute."""

    def __init__(self, name, command, after=(), cores=1, **environment):
        self.name, self.after, self.cores, self.environment = name, after, cores, environment
        self.command = command if isinstance(command, list) else ["bash", "-euo", "pipefail", "-c", command]
        self.state = "waiting"  # then running, then ok or FAILED; or skipped, if a step that it needs has failed
        self.process = None
        self.seconds = 0

    @property
    def log(self):
        return LOGS / (re.sub(r"\W+", "-", self.name) + ".log")

    @property
    def is_build(self):
        return self.name.startswith("build ")

    @property
    def is_over(self):
        return self.state in ("ok", "FAILED", "skipped")

    def start(self):
        """Starts the command in its own process group."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **self.environment}, start_new_session=True)

    def wait(self):
        """Blocks until the command ends, or until LIMIT ends it. Returns whether it succeeded."""
        begun = time.monotonic()
        try:
            return self.process.wait(LIMIT) == 0
        except subprocess.TimeoutExpired:
            self.end()
            with self.log.open("a") as log:
                log.write(f"\nended after {LIMIT} s: does it hang?\n")
            return False
        finally:
            self.seconds = time.monotonic() - begun

    def end(self):
        """Sends SIGINT to the process group, as Ctrl-C does, so that tests end their servers. Once the command has
        ended, or after a minute, sends SIGKILL to what is left of the group."""
        for number, patience in ((signal.SIGINT, 60), (signal.SIGKILL, None)):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(self.process.pid, number)
                self.process.wait(patience)

    def last_line(self):
        """Returns the test runner's last line, which says how many tests passed; empty if there is none."""
        text = re.sub(r"\x1b\[[\d;]*m", "", self.log.read_text(errors="replace")) if self.log.exists() else ""
        lines = [line.strip("=* ") for line in text.splitlines() if RUNNERS_LAST_LINE.search(line)]
        return lines[-1] if lines else ""


class Run:
    """Runs steps in the order of their list, as soon as their needs have succeeded and enough cores are free."""

    def __init__(self, steps, cores):
        self.steps = {step.name: step for step in steps}
        self.cores = cores
        self.changed = threading.Condition()

    def _states(self, names):
        return {self.steps[name].state for name in names if name in self.steps}

    def _next(self):
        running = sum(min(step.cores, self.cores) for step in self.steps.values() if step.state == "running")
        for step in self.steps.values():
            if step.state != "waiting":
                continue
            needs = self._states(step.after)
            if needs & {"FAILED", "skipped"}:
                step.state = "skipped"
            elif needs <= {"ok"}:
                # Later steps must not overtake it: a step that needs all cores would run last.
                return step if running + min(step.cores, self.cores) <= self.cores else None
        return None

    def _start(self, step):
        say(f"begins          {step.name}")
        step.start()
        step.state = "running"
        threading.Thread(target=self._wait_for, args=[step], daemon=True).start()

    def _wait_for(self, step):
        is_ok = step.wait()
        with self.changed:
            step.state = "ok" if is_ok else "FAILED"
            self.changed.notify()

    def run(self):
        """Blocks until all steps have ended. Returns whether all succeeded. If it is interrupted, it ends the running
        steps and raises KeyboardInterrupt."""
        told = set()
        try:
            with self.changed:
                while not all(step.is_over for step in self.steps.values()):
                    if step := self._next():
                        self._start(step)
                    elif "running" in self._states(self.steps):
                        self.changed.wait()
                    for step in self.steps.values():
                        if step.is_over and step.name not in told:
                            told.add(step.name)
                            say(line_of(step))
        except BaseException:
            for number in ENDING_SIGNALS:
                signal.signal(number, signal.SIG_IGN)  # a second signal must not interrupt the lines below
            running = [step for step in self.steps.values() if step.process and step.process.poll() is None]
            for step in running:
                step.end()
            for step in running:
                say_log(step, "was running", 20_000)
            raise
        return self._states(self.steps) <= {"ok"}


def line_of(step):
    """Returns the step's state, its time, and the last line of its test runner, as one line."""
    last = step.last_line()
    return f"{step.state:<7} {step.seconds:4.0f} s  {step.name}" + (f": {last}" if last else "")


def say(text):
    """Prints the text. If the reader has gone, such as a closed terminal, this and later calls print nothing."""
    try:
        print(text, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_log(step, how, most):
    """Prints the end of the step's output, at most `most` characters."""
    say(f"\n== {step.name}, which {how} ({step.log.relative_to(ROOT)})\n")
    free = shutil.disk_usage(LOGS).free // 1_000_000
    say(step.log.read_text(errors="replace")[-most:] or
        f"It printed nothing and ended with {step.process.poll()}. {free} MB are free in {LOGS}.")


def build(preset, *targets):
    return Step(f"build {preset}", f"""
        exec 9>build/lock
        flock 9  # scripts/run may build too, and both make npm install the page's packages
        cmake --preset {preset}
        cmake --build --preset {preset} -j {CORES} --target {' '.join(targets)}""", cores=CORES)


def binary_check(preset):
    """Returns a step that checks the binary's size, and that it needs only the C library."""
    return Step(f"binary, {preset}", rf"""
        binary=build/{preset}/reprieve size=$(stat -c %s build/{preset}/reprieve)
        foreign=$(ldd $binary | awk '{{print $1}}' |
            grep -vE '^(linux-vdso|/.*/ld-linux[^/]*|libc|libm|libpthread|libdl)\.so' || true)
        [ -z "$foreign" ] || {{ echo "$binary needs more than the C library: $foreign"; exit 1; }}
        [ "$size" -le {MAX_BINARY_BYTES} ] || {{ echo "$binary has $size bytes, not {MAX_BINARY_BYTES}"; exit 1; }}
        echo "$size bytes, needs only the C library" """, after=[f"build {preset}"])


def unit_tests(scratch):
    """Returns two steps: the unit tests under AddressSanitizer with a Ceph cluster, and under ThreadSanitizer without
    one. Ceph's libraries are not built for ThreadSanitizer, so it would report data passed between their threads as
    races."""
    folder = scratch / "unit-ceph"
    # GCC 12's ThreadSanitizer does not know the random address layout of newer kernels, so switch it off.
    return [Step("unit tests", """
                trap 'scripts/ceph-dev down "$FOLDER"' EXIT
                scripts/ceph-dev up "$FOLDER"
                build/dev/tests/reprieve_tests""", after=["build dev"], FOLDER=str(folder),
                 REPRIEVE_CEPH_CONF=str(folder / "ceph.conf")),
            Step("unit tests, threads", 'setarch "$(uname -m)" --addr-no-randomize build/tsan/tests/reprieve_tests',
                 after=["build tsan"], REPRIEVE_CEPH_CONF="", TSAN_OPTIONS="halt_on_error=1")]


def binary_of(preset):
    return {"REPRIEVE_BINARY": str(ROOT / f"build/{preset}/reprieve")}


def system_tests(folder, what, preset, *arguments, cores=1):
    """Returns a step that runs tests/system on the binary of that preset. The path of `folder` must be short, because
    sockets are created in it."""
    return Step(f"system tests{what}", ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                                        "--durations=15", f"--basetemp={folder}", *arguments],
                after=[f"build {preset}"], cores=cores, **binary_of(preset))


def page_tests():
    """Returns a step that runs tests/page. The files that measure, large*.test.mjs, run alone."""
    return Step("tests of the page", """
        cd tests/page
        npm ls >/dev/null 2>&1 || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
        node_modules/.bin/tsc -p ../../web
        shopt -s extglob
        node --test --test-concurrency=2 !(large*).test.mjs
        node --test --test-concurrency=1 large*.test.mjs""", after=["build quick"], **binary_of("quick"))


def steps_of(options, scratch):
    """Returns the steps that the options request, the most urgent first."""
    parts = set(options.parts)
    # One worker more than there are cores, because many tests wait most of the time.
    side_by_side = ["-n", str(CORES + 1), "--dist", "loadgroup", "-m", "not measured", "tests/system"]
    alone = ["-m", "measured", "tests/system"]
    steps = []
    if parts & {"unit", "system"}:
        steps += [build("dev", *["reprieve_tests"] * ("unit" in parts), *["reprieve"] * ("system" in parts))]
    if parts & {"system", "page"}:
        steps += [build("quick", "reprieve")]
    if "unit" in parts and not options.quick:
        steps += [build("tsan", "reprieve_tests")]
    if "style" in parts:
        how = ["--quick"] if options.quick else [] if options.full else ["--since", options.tidy_since or "HEAD~20"]
        steps += [Step("style", ["scripts/tidy", *how], cores=CORES)]
    if "system" in parts:
        steps += [binary_check("quick"),
                  system_tests(scratch / "m", ", measured", "quick", *alone, cores=CORES),
                  system_tests(scratch / "s", "", "dev", *side_by_side)]
    if "unit" in parts:
        steps += unit_tests(scratch)[:1 if options.quick else 2]
    if "page" in parts:
        steps += [page_tests()]
    if "system" in parts:
        steps += [system_tests(scratch / "c", " on Ceph", "quick", "--store", "rbd", *ON_CEPH)]
    if "system" in parts and options.full:
        steps += [build("release", "reprieve"), binary_check("release"),
                  system_tests(scratch / "n", ", measured, release", "release", *alone, cores=CORES),
                  system_tests(scratch / "r", ", release", "release", *side_by_side)]
    return steps


@contextlib.contextmanager
def load():
    """Keeps all cores busy until the block ends, or this process does."""
    loops = [subprocess.Popen(["nice", "-n", str(LOOPS_NICENESS), sys.executable, "-c", BUSY_LOOP, str(os.getpid())],
                              start_new_session=True)
             for _ in range(LOOPS_PER_CORE * CORES)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def run_under_load(steps):
    """Runs the builds without load, then the other steps under load. Returns whether all succeeded."""
    builds = [step for step in steps if step.is_build]
    others = [step for step in steps if not step.is_build]
    if not Run(builds, CORES).run():
        for step in others:
            step.state = "skipped"
        return False
    with load():
        return Run(others, CORES).run()


def free_memory():
    """Returns the bytes of memory that programs can still use."""
    return int(re.search(r"MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024


def make_scratch():
    """Creates the folder for the tests' data. It is in memory if there is enough, because the syncs of a thousand
    appliances would keep the disk busy, and if O_DIRECT, which stores use, works there (Linux 6.6 or newer). Its path
    is short, because the path of a socket has at most 107 bytes."""
    memory = Path("/dev/shm")
    with contextlib.suppress(OSError):
        status = os.statvfs(memory)
        if min(status.f_bavail * status.f_frsize, free_memory() / 2) >= 8e9:
            folder = Path(tempfile.mkdtemp(prefix="r-", dir=memory))
            try:
                os.close(os.open(folder / "probe", os.O_WRONLY | os.O_CREAT | os.O_DIRECT))
                return folder
            except OSError:
                shutil.rmtree(folder)
    return Path(tempfile.mkdtemp(prefix="r-", dir="/tmp"))


def number_of_jobs(text):
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 9999 (--jobs, or REPRIEVE_JOBS)")
    return int(text)


def revision(text):
    found = subprocess.run(["git", "rev-parse", "-q", "--verify", f"{text}^{{commit}}"], cwd=ROOT, check=False,
                           capture_output=True)
    if found.returncode != 0:
        raise argparse.ArgumentTypeError(f"there is no commit '{text}'")
    return text


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/test", usage="see scripts/test --help", add_help=False)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--under-load", action="store_true")
    parser.add_argument("--check", action="store_true")  # for scripts/test: only checks the arguments
    parser.add_argument("--tidy-since", type=revision)
    parser.add_argument("--jobs", type=number_of_jobs,
                        default=os.environ.get("REPRIEVE_JOBS") or str(len(os.sched_getaffinity(0))))
    parser.add_argument("parts", nargs="*")
    options = parser.parse_args(arguments)
    known = ["style", "unit", "system", "page"]
    if unknown := set(options.parts) - set(known):
        parser.error(f"unknown word {unknown.pop()}")
    if options.quick and options.full:
        parser.error("--quick or --full, not both")
    if options.quick and not {"style", "unit"} >= set(options.parts):
        parser.error("--quick is for style and unit")
    if options.quick and options.tidy_since:
        parser.error("--quick compiles nothing by itself, so --tidy-since has no effect")
    if options.under_load and (options.quick or options.full or "style" in options.parts):
        parser.error("--under-load is for unit, system and page, without --quick and --full")
    default = known[1:] if options.under_load else known[:2] if options.quick else known
    options.parts = options.parts or default
    return options


def summarize(steps, seconds):
    """Prints the time of each step, then the output of the failed ones, for which a reader looks."""
    say("\nSummary, the slowest first")
    for step in sorted(steps, key=lambda step: -step.seconds):
        say(line_of(step))
    say(f"{seconds // 60:.0f} min {seconds % 60:.0f} s in all")
    for step in steps:
        if step.state == "FAILED":
            say_log(step, "FAILED", 200_000)


def main():
    begun = time.monotonic()
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    try:
        LOGS.mkdir(parents=True, exist_ok=True)
        lock = (LOGS / "lock").open("w")
    except OSError as error:
        say(f"test: cannot write to {LOGS}: {error.strerror}")
        return 2
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("test: another scripts/test runs in this checkout: wait for it, or end it")
        return 2
    for log in LOGS.glob("*.log"):
        log.unlink()
    scratch = make_scratch()
    os.environ["REPRIEVE_JOBS"] = str(CORES)
    try:
        steps = steps_of(OPTIONS, scratch)
        is_ok = run_under_load(steps) if OPTIONS.under_load else Run(steps, CORES).run()
        summarize(steps, time.monotonic() - begun)
    except KeyboardInterrupt:
        say("interrupted: the running steps are ended")
        return 130
    finally:
        # Stop the servers of tests that were ended before they could do so.
        for server, file in (("ceph-dev", "ceph.conf"), ("keystone-dev", "facts.json")):
            for path in scratch.rglob(file):
                subprocess.run([ROOT / "scripts" / server, "down", path.parent], check=False)
        shutil.rmtree(scratch, ignore_errors=True)
    return 0 if is_ok else 1


OPTIONS = parse(sys.argv[1:])
CORES = OPTIONS.jobs
LIMIT = 4 * 3600 if OPTIONS.full or OPTIONS.under_load else 2700  # seconds; only ends a step that hangs

if __name__ == "__main__":
    sys.exit(0 if OPTIONS.check else main())
