#!/usr/bin/env python3
"""The same projection and the same counts over the same files, in ca-impact, DuckDB, polars and jq, side by side.

Needs Python 3.9 on Linux, a Rust toolchain, and package registries for what is not installed. See README.md beside it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OURS = "ca-impact"


@dataclass
class Kind:
    """A kind of file: what the generator calls it, how it ends, and what `peer.py` calls it."""

    title: str
    format: str
    ending: str
    peer: str
    tools: tuple
    size: str


LAZY = ("duckdb", "polars", "polars-streaming")
KINDS = {
    "ndjson": Kind("diagnostic settings, NDJSON", "diagnostic-ndjson", ".ndjson", "ndjson", (*LAZY, "jq"), "1GB"),
    "csv": Kind("Log Analytics, CSV", "log-analytics-csv", ".csv", "csv", LAZY, "1GB"),
    "gz": Kind("diagnostic settings, one .gz", "diagnostic-ndjson", ".ndjson.gz", "ndjson", LAZY, "1GB"),
    "page": Kind("Graph, one page of JSON", "graph-json", ".json", "page", ("duckdb", "polars", "jq"), "100MB"),
    "parquet": Kind("converted, Parquet", "", ".parquet", "parquet", LAZY, ""),
}


@dataclass
class Run:
    """One process from start to end."""

    cpu: float
    wall: float
    peak: int
    text: str
    ended: float


class Failed(Exception):
    """A process that did not do what was asked: its last words."""


def run(command, **options):
    """Runs a process and asks the system what it used."""
    with tempfile.TemporaryFile() as errors:
        begun = time.time()
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=errors, **options)
        text = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        ended = time.time()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines() or ["no word"]
            raise Failed(f"{Path(command[0]).name} ended with {process.returncode}: {lines[-1][:160]}")
    # Linux counts the most resident memory in KiB.
    return Run(used.ru_utime + used.ru_stime, ended - begun, used.ru_maxrss * 1024, text, ended)


def say(text=""):
    print(text, flush=True)


def built(*words):
    """The programs that cargo builds for these words, by name."""
    command = ["cargo", *words, "--locked", "--message-format=json-render-diagnostics"]
    text = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return {message["target"]["name"]: message["executable"] for message in messages if message.get("executable")}


def python_with_peers(folder):
    """An interpreter of its own, with the peers in it."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    if subprocess.run([python, "-c", "import duckdb, polars"], capture_output=True).returncode != 0:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "duckdb", "polars"], check=True)
    return python


def find_jq():
    """jq, from the system's packages if need be; nothing where it cannot be had."""
    if not shutil.which("jq") and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "jq"], check=False, stdout=subprocess.DEVNULL)
    return shutil.which("jq")


class Bench:
    """What is measured with."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.program = built("build", "--release")[OURS]
        benches = built("bench", "--no-run", "--bench", "ingest", "--bench", "generate")
        self.ingest, self.generate = benches["ingest"], benches["generate"]
        wanted = {tool for kind in options.only for tool in KINDS[kind].tools} & set(options.tools)
        self.python = python_with_peers(folder) if wanted - {"jq"} else None
        self.jq = find_jq() if "jq" in wanted else None
        self.sizes = {"ndjson": options.ndjson, "csv": options.csv, "gz": options.gz, "page": options.page}

    def versions(self):
        found = [run([self.program, "--version"]).text.strip()]
        if self.python:
            code = "import duckdb, polars; print(f'DuckDB {duckdb.__version__}, polars {polars.__version__}')"
            found.append(run([self.python, "-c", code]).text.strip())
        if self.jq:
            found.append(run([self.jq, "--version"]).text.strip())
        return ", ".join(found)

    def log(self, name):
        """A log of this kind, made unless it is there; with how many bytes it holds unpacked."""
        kind = KINDS[name]
        if name == "parquet":
            source, held = self.log("ndjson")
            path = source.with_suffix(".parquet")
            if not path.exists():
                run([self.program, "convert", source, "--output", path, "--quiet"])
            return path, held
        path = self.folder / f"{kind.format}-{self.sizes[name]}{kind.ending}"
        if not path.exists():
            run([self.generate, kind.format, self.sizes[name], path])
        return path, self.unpacked(path)

    def unpacked(self, path):
        if path.suffix != ".gz":
            return path.stat().st_size
        import gzip

        held = 0
        with gzip.open(path) as file:
            while piece := file.read(1 << 20):
                held += len(piece)
        return held

    def ask(self, tool, name, path, threads):
        """One answer of a tool; what the interpreter used before its tool was there is not counted."""
        if tool == OURS:
            done = run([self.ingest, "counts", path, threads or os.cpu_count()])
            return json.loads(done.text), done
        if tool == "jq":
            done = run([self.jq, "-n", "-c", "-f", HERE / "counts.jq", path])
            return json.loads(done.text), done
        done = run([self.python, HERE / "peer.py", tool, KINDS[name].peer, path, threads])
        said = json.loads(done.text)
        done.cpu -= said["start"]["cpu"]
        done.wall = done.ended - said["start"]["at"]
        return said["counts"], done


def differing(ours, theirs):
    """The counts in which two answers are not the same."""
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


def compare(bench, name):
    """All tools over one kind of file; the lines of the table."""
    kind, options = KINDS[name], bench.options
    path, held = bench.log(name)
    with open(path, "rb") as file:
        while file.read(1 << 20):
            pass  # From here on the file is in memory, for everyone.
    size = path.stat().st_size
    lines, reference = [], None
    for threads in (1, 0):
        tools = [OURS, *(tool for tool in kind.tools if tool in options.tools)]
        if threads == 0 or not bench.jq:
            tools = [tool for tool in tools if tool != "jq"]  # It has one thread.
        best, answers, failures = {}, {}, {}
        # Tools take turns, so that a busy minute meets all of them; jq is slow enough to be told after one.
        for turn in range(options.runs):
            for tool in tools:
                if tool in failures or tool == "jq" and turn > 0:
                    continue
                try:
                    counts, done = bench.ask(tool, name, path, threads)
                except Failed as failure:
                    failures[tool] = str(failure)
                    continue
                if counts != answers.setdefault(tool, counts):
                    failures[tool] = "two runs gave two answers"
                if tool not in best or done.cpu < best[tool].cpu:
                    best[tool] = done
        if OURS in failures:
            raise Failed(failures[OURS])
        reference = reference or answers[OURS]
        for tool in tools:
            line = {"file": name, "tool": tool, "threads": threads or os.cpu_count()}
            lines.append(line)
            if tool in failures:
                line["failed"] = failures[tool]
                continue
            done = best[tool]
            line |= {"cpu": done.cpu, "wall": done.wall, "peak": done.peak}
            line |= {"gigabytes": held / 1e9 / done.cpu, "thousands": reference["rows"] / 1e3 / done.cpu}
            line["differs"] = differing(reference, answers[tool])
            if not line["differs"]:
                line["ratio"] = done.cpu / best[OURS].cpu
    about = f"{size / 1e6:.0f} MB, {reference['rows']} rows, {reference['users']} users"
    if held != size:
        about += f"; {held / 1e6:.0f} MB as NDJSON"
    show(f"{kind.title}: {about}", lines)
    return lines


def show(title, lines):
    say(f"\n{title}")
    heads = ["CPU-s", "wall s", "peak MB", "GB/CPU-s", "krows/CPU-s", "× ca-impact"]
    say(f"{'tool':<18}{'threads':>8}" + "".join(f"{head:>12}" for head in heads))
    for line in lines:
        begin = f"{line['tool']:<18}{line['threads']:>8}"
        if "failed" in line:
            say(f"{begin}  failed: {line['failed']}")
            continue
        figures = [f"{line['cpu']:.2f}", f"{line['wall']:.2f}", f"{line['peak'] / 1e6:.0f}"]
        figures += [f"{line['gigabytes']:.3f}", f"{line['thousands']:.0f}"]
        ratio = f"{line['ratio']:.2f}" if "ratio" in line else "  no ratio: other " + ", ".join(line["differs"])
        say(begin + "".join(f"{figure:>12}" for figure in figures) + f"{ratio:>12}")


def question(bench):
    """What only ca-impact answers: how many attempts and people one risk policy would touch."""
    say("\nOne risk policy, end to end (no peer answers it, so there is no ratio)")
    answers = set()
    for name in ("ndjson", "csv", "parquet"):
        if name not in bench.options.only:
            continue
        path, _ = bench.log(name)
        policies, tenant = bench.folder / "policies", bench.folder / f"tenant-{name}"
        run([bench.generate, "policies", 1, policies])
        rows = json.loads(run([bench.ingest, "counts", path]).text)["rows"]
        run([bench.generate, "tenant", rows, tenant])
        command = [bench.program, "replay", path, "--policy", policies, "--tenant", tenant, "--quiet"]
        best = min((run([*command, "--threads", 1]) for _ in range(bench.options.runs)), key=lambda done: done.cpu)
        paragraphs = [" ".join(part.split()) for part in best.text.split("\n\n")]
        answer = next(part[part.index("Would ") :] for part in paragraphs if "Would " in part)
        if name != "csv":
            answers.add(answer)
        say(f"{name:<10}{best.cpu:>8.2f} CPU-s {best.wall:>8.2f} s {best.peak / 1e6:>8.0f} MB  {answer}")
    if len(answers) > 1:
        say("the export and its converted file have two answers")
    return len(answers) <= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("ndjson", "csv", "gz", "page"):
        kind = KINDS[name]
        words = f"size of {kind.title}: rows, or bytes as 250MB [default: {kind.size}]"
        parser.add_argument(f"--{name}", default=kind.size, metavar="SIZE", help=words)
    parser.add_argument("--only", default=",".join(KINDS), metavar="KINDS", help="of " + ",".join(KINDS))
    parser.add_argument("--tools", default=",".join((*LAZY, "jq")), metavar="TOOLS", help="peers to compare with")
    parser.add_argument("--runs", type=int, default=3, help="of which the one with the least CPU time is shown")
    parser.add_argument("--folder", type=Path, help="where files and tools stay for the next time [default: nowhere]")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures once more, for a script")
    options = parser.parse_args()
    options.only, options.tools = options.only.split(","), options.tools.split(",")
    if unknown := ({*options.only} - {*KINDS}) | ({*options.tools} - {*LAZY, "jq"}):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")

    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(options, folder)
        say(f"{bench.versions()}; {os.cpu_count()} cores")
        say(f"least CPU time of {options.runs} runs (jq: one); user and system time, tools' own start not counted")
        try:
            lines = [line for name in options.only for line in compare(bench, name)]
            is_same = question(bench)
        except Failed as failure:
            sys.exit(f"compare: error: {failure}")
        if options.json:
            options.json.write_text(json.dumps(lines, indent=1) + "\n")
    differ = [line for line in lines if line.get("differs")]
    for line in differ:
        say(f"{line['tool']} gives other {', '.join(line['differs'])} for {line['file']}")
    sys.exit(1 if differ or not is_same else 0)


if __name__ == "__main__":
    main()
