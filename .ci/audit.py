"""Asks for known weaknesses of what the desk is built on, and lists it in var/sbom (CycloneDX).

    make audit

Fails for what is found. A source of advisories that cannot be reached, or that does not know a package, is said and is
no failure: the answer of today depends on the network, that of the lists does not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LISTS = ROOT / "var/sbom"
# dev.txt holds everything of base.txt, in the same versions.
PYTHON = ["pip-audit", "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
PYTHON += ["--requirement", "requirements/dev.txt", "--requirement", "requirements/audit.txt"]
FRONT = ["npm", "audit", "--package-lock-only", "--json"]


@dataclass
class Report:
    """What is weak, and of what nobody could tell."""

    weak: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


def of_python(answer: str) -> Report:
    """What pip-audit says."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        return Report(untold=["all Python packages"])
    return Report(
        weak=[
            f"{one['name']} {one['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or '?'}"
            for one in packages
            for weakness in one.get("vulns", ())
        ],
        untold=[one["name"] for one in packages if "skip_reason" in one],
    )


def of_front(answer: str) -> Report:
    """What npm says."""
    try:
        packages = json.loads(answer)["vulnerabilities"]
    except (ValueError, KeyError):
        return Report(untold=["all front-end packages"])
    return Report(weak=[f"{name}: {one['severity']}, {one['range']}" for name, one in sorted(packages.items())])


def listed() -> None:
    """Write down every package that the desk installs; needs no network."""
    LISTS.mkdir(parents=True, exist_ok=True)
    python = ["cyclonedx-py", "requirements", "requirements/base.txt", "--output-reproducible"]
    subprocess.run([*python, "--output-file", LISTS / "python.json"], cwd=ROOT, check=True)
    front = ["npm", "sbom", "--package-lock-only", "--sbom-format", "cyclonedx"]
    with (LISTS / "front.json").open("w") as file:
        subprocess.run(front, cwd=ROOT, stdout=file, check=True)
    print(f"Lists of all packages: {LISTS}")


def told(*reports: Report) -> bool:
    """Print what was found and what was not told; whether nothing is weak."""
    weak = [line for report in reports for line in report.weak]
    untold = [name for report in reports for name in report.untold]
    if untold:
        print(f"NOT AUDITED, no source of advisories answered for {len(untold)}: {', '.join(untold)}")
    print("\n".join(["Weak:", *weak] if weak else ["No weakness is known of what was asked."]))
    return not weak


def answer(command: list[str]) -> str:
    """What it prints; both programs end with 1 for a finding as for a failure."""
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


if __name__ == "__main__":
    listed()
    sys.exit(not told(of_python(answer(PYTHON)), of_front(answer(FRONT))))
