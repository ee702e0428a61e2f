"""The steps of scripts/test, whose --help says what they are for: what each runs, after which others, and how many
cores it keeps busy. They run side by side where the cores allow it."""

import argparse
import contextlib
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
RUNNERS_LAST_LINE = re.compile(r"\d+ passed|^# pass \d+|No errors detected|^\*\*\* \d+ fail|the C library alone")
# What is about the bytes: the round trip, the restore, the crash and the recovery.
ON_CEPH = [f"tests/system/test_{name}.py"
           for name in ("bin", "crash", "image_api_data", "real_images", "scrubber", "scrub_failure")]


class Step:
    """A command. `after`: names of the steps that it needs; `cores`: how many of those that there are it keeps busy."""

    def __init__(self, name, command, after=(), cores=1, **environment):
        self.name, self.after, self.cores, self.environment = name, after, cores, environment
        self.command = command if isinstance(command, list) else ["bash", "-euo", "pipefail", "-c", command]
        self.state = "waiting"  # then running, and at last ok, FAILED, or skipped: what it needs has failed
        self.process = None
        self.seconds = 0

    @property
    def log(self):
        return LOGS / (re.sub(r"\W+", "-", self.name) + ".log")

    @property
    def is_over(self):
        return self.state in ("ok", "FAILED", "skipped")

    def run(self):
        """Blocks until it has ended; False for a failure."""
        begun = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **self.environment}, start_new_session=True)
            status = self.process.wait()
        self.seconds = time.monotonic() - begun
        return status == 0

    def interrupt(self):
        """Tells it, and what it started, to end as Ctrl-C does: tests end their servers then."""
        with contextlib.suppress(ProcessLookupError):
            if self.process and self.process.returncode is None:
                os.killpg(self.process.pid, signal.SIGINT)

    def last_line(self):
        """What a test runner closes with: how many tests passed."""
        text = re.sub(r"\x1b\[[\d;]*m", "", self.log.read_text(errors="replace"))
        lines = [line.strip("=* ") for line in text.splitlines() if RUNNERS_LAST_LINE.search(line)]
        return lines[-1] if lines else ""


class Run:
    """Runs steps as their needs and the cores allow it: of those that could begin the first of the list is next."""

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
                # None overtakes it, or one that needs all cores would wait for the end.
                return step if running + min(step.cores, self.cores) <= self.cores else None
        return None

    def _in_thread(self, step):
        is_ok = step.run()
        with self.changed:
            step.state = "ok" if is_ok else "FAILED"
            say(f"{step.state:<7} {step.seconds:4.0f} s  {step.name}", step.last_line())
            self.changed.notify()

    def run(self):
        """Blocks until all have ended; True if all went well. An interruption ends what runs, and is raised then."""
        try:
            return self._run()
        except KeyboardInterrupt:
            say("interrupted: what runs is ended")
            running = [step for step in self.steps.values() if step.state == "running"]
            for step in running:
                step.interrupt()
            for step in running:
                step.process.wait()
            raise

    def _run(self):
        with self.changed:
            while not all(step.is_over for step in self.steps.values()):
                if step := self._next():
                    step.state = "running"
                    say(f"begins          {step.name}")
                    threading.Thread(target=self._in_thread, args=[step]).start()
                elif "running" in self._states(self.steps):
                    self.changed.wait()
        return self._states(self.steps) <= {"ok"}


def say(text, more=""):
    print(f"{text}: {more}" if more else text, flush=True)


def build(preset, *targets, after=("setup",)):
    return Step(f"build {preset}", f"cmake --preset {preset}\n"
                                   f"cmake --build --preset {preset} -j {CORES} --target {' '.join(targets)}",
                after=after, cores=CORES)


def binary_check(preset):
    """What the binary needs beside it, and its size."""
    return Step(f"binary, {preset}", rf"""
        binary=build/{preset}/reprieve size=$(stat -c %s build/{preset}/reprieve)
        foreign=$(ldd $binary | awk '{{print $1}}' |
            grep -vE '^(linux-vdso|/.*/ld-linux[^/]*|libc|libm|libpthread|libdl)\.so' || true)
        [ -z "$foreign" ] || {{ echo "$binary needs more than the C library: $foreign"; exit 1; }}
        [ "$size" -le {MAX_BINARY_BYTES} ] || {{ echo "$binary has $size bytes, not {MAX_BINARY_BYTES}"; exit 1; }}
        echo "$size bytes, needs the C library alone" """, after=[f"build {preset}"])


def unit_tests(scratch):
    """Under AddressSanitizer with a cluster for the driver of RBD; under ThreadSanitizer without one, as Ceph's
    libraries are not built for it: it takes what they hand over between threads for races."""
    folder = scratch / "unit-ceph"
    # GCC 12's ThreadSanitizer does not know the address layout of newer kernels: without randomisation it does.
    return [Step("unit tests", f"""
                trap 'scripts/ceph-dev down {folder}' EXIT
                scripts/ceph-dev up {folder}
                build/dev/tests/reprieve_tests""", after=["build dev"], REPRIEVE_CEPH_CONF=f"{folder}/ceph.conf"),
            Step("unit tests, threads", 'setarch "$(uname -m)" --addr-no-randomize build/tsan/tests/reprieve_tests',
                 after=["build tsan"], REPRIEVE_CEPH_CONF="", TSAN_OPTIONS="halt_on_error=1")]


def system_tests(folder, what, preset, *arguments, cores=1):
    """tests/system on the binary of that preset. The folder's path is short, for sockets are made below it."""
    return Step(f"system tests{what}", ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                                        "--durations=15", f"--basetemp={folder}", *arguments],
                after=[f"build {preset}"], cores=cores, REPRIEVE_BINARY=str(ROOT / f"build/{preset}/reprieve"))


def page_tests():
    return Step("tests of the page", f"""
        cd tests/page
        npm ls >/dev/null 2>&1 || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
        node_modules/.bin/tsc -p ../../web
        REPRIEVE_BINARY={ROOT}/build/quick/reprieve node --test --test-concurrency={PAGE_FILES} *.test.mjs""",
                after=["build quick"])


def steps_of(options, scratch):
    """All that the options ask for, the most urgent first."""
    parts = options.parts
    # One more than there are cores: many a test waits for something that is meant to take its time.
    side_by_side = ["-n", str(CORES + 1), "--dist", "loadgroup"]
    steps = [Step("setup", ["scripts/setup"], cores=CORES)]
    if "unit" in parts or "system" in parts:
        steps += [build("dev", *["reprieve_tests"] * ("unit" in parts), *["reprieve"] * ("system" in parts))]
    if "system" in parts or "page" in parts:
        steps += [build("quick", "reprieve")]
    if "unit" in parts and not options.quick:
        steps += [build("tsan", "reprieve_tests")]
    if "style" in parts:
        since = ["--since", options.tidy_since] if not options.full else []
        steps += [Step("style", ["scripts/tidy", *(["--quick"] if options.quick else since)], after=["setup"],
                       cores=1 if options.quick else CORES)]
    if "system" in parts:
        steps += [binary_check("quick"),
                  system_tests(scratch / "m", ", measured", "quick", "-m", "measured", "tests/system", cores=CORES),
                  system_tests(scratch / "s", "", "dev", *side_by_side, "-m", "not measured", "tests/system", cores=1)]
    if "unit" in parts:
        steps += [step for step in unit_tests(scratch) if step.after[0] != "build tsan" or not options.quick]
    if "page" in parts:
        steps += [page_tests()]
    if "system" in parts:
        steps += [system_tests(scratch / "c", " on Ceph", "quick", "--store", "rbd", *ON_CEPH)]
    if options.full and "system" in parts:
        steps += [build("release", "reprieve"), binary_check("release"),
                  system_tests(scratch / "r", ", release", "release", *side_by_side, "tests/system", cores=CORES)]
    return steps


def make_scratch():
    """A folder for what the tests store: in memory, if there is much of it and O_DIRECT works there, as the stores of
    files and Ceph want; a thousand appliances that sync what they store would keep the disk busy."""
    memory = Path("/dev/shm")
    with contextlib.suppress(OSError):
        status = os.statvfs(memory)
        if status.f_bavail * status.f_frsize >= 8 << 30:
            folder = Path(tempfile.mkdtemp(prefix="r-", dir=memory))
            try:
                os.close(os.open(folder / "probe", os.O_WRONLY | os.O_CREAT | os.O_DIRECT))
                return folder
            except OSError:
                shutil.rmtree(folder)
    return Path(tempfile.mkdtemp(prefix="reprieve-test-"))


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/test", usage="see scripts/test --help", add_help=False)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tidy-since", default="HEAD~20")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("parts", nargs="*")
    options = parser.parse_args(arguments)
    known = ["style", "unit", "system", "page"]
    if unknown := set(options.parts) - set(known):
        parser.error(f"unknown word {unknown.pop()}")
    options.parts = options.parts or (known[:2] if options.quick else known)
    return options


def summarize(steps, seconds):
    """The table of what took how long, then the whole output of what failed: that is read first."""
    print("\nSummary, the slowest first")
    for step in sorted(steps, key=lambda step: -step.seconds):
        say(f"{step.state:<7} {step.seconds:4.0f} s  {step.name}", step.last_line() if step.log.exists() else "")
    print(f"{seconds // 60:.0f} min {seconds % 60:.0f} s in all")
    for step in steps:
        if step.state == "FAILED":
            print(f"\n== {step.name}, which FAILED ({step.log.relative_to(ROOT)})\n")
            print(step.log.read_text(errors="replace")[-200_000:], flush=True)


def main():
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    scratch = make_scratch()
    os.environ["REPRIEVE_JOBS"] = str(CORES)
    try:
        steps = steps_of(OPTIONS, scratch)
        is_ok = Run(steps, CORES).run()
        summarize(steps, time.monotonic() - begun)
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0 if is_ok else 1


OPTIONS = parse(sys.argv[1:])
CORES = max(1, OPTIONS.jobs)
PAGE_FILES = 2

if __name__ == "__main__":
    sys.exit(main())
