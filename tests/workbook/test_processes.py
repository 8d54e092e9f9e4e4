"""Imports as processes of their own: killed at any stage, all or nothing; many rows, little memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.workbook.books import Cells, Sheets, book

pytestmark = pytest.mark.services
ROOT = Path(settings.BASE_DIR)
FEW, MANY = 1_500, 20_000
MOST_MEMORY = 200 * 1024
FIRST = "import django; django.setup()\nfrom tests import small_firm\nsmall_firm.first_account()"
STANDING = """
import django, json; django.setup()
from accounts.models import Contact, Customer, Department
from ledger.models import Entry
from workbook.models import Import
found = Import.objects.first()
made = Contact.objects.count() + Customer.objects.count() + Department.objects.exclude(code="BOARD").count()
told = Entry.objects.filter(action__in=["create_contact", "create_customer", "create_department"]).count() - 1
print(json.dumps([found.state if found else "", found.rows.count() if found else 0, made, told]))
"""
STEP = """
import django, sys; django.setup()
from pathlib import Path
from tests import small_firm
from workbook.actions import apply, upload
from workbook.models import Import
actor, found = small_firm.staff("gulan"), Import.objects.first()
if found is None:
    with Path(sys.argv[1]).open("rb") as stream:
        upload(stream, "a.xlsx", actor=actor)
else:
    apply(found.pk, found.digest, actor=actor, version=found.version)
"""
# At a place that no clock of another process could meet.
JOB = """
import django, os, signal, sys; django.setup()
from workbook import progress
from workbook.actions import carry_on_imports
class Deadly(progress.Report):
    def __call__(self, done, of):
        if of and done >= float(sys.argv[1]) * of:
            os.kill(os.getpid(), signal.SIGKILL)
progress.Report = Deadly
carry_on_imports()
"""
MEMORY = """
import sys
from pathlib import Path
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
# Not by getrusage, whose figure is at least that of the process which began this one.
[most] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print("MEMORY", most.split()[1])
"""


class Desk:
    """A desk of its own, whose processes can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LANGUAGE_CODE": "en",
        }
        self.runs("manage.py", "migrate", "-v0")
        self.runs("-c", FIRST)

    def starts(self, *command: str) -> subprocess.Popen[str]:
        how = {"cwd": ROOT, "env": self.environment, "text": True, "stdin": subprocess.DEVNULL}
        return subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)

    def runs(self, *command: str) -> str:
        process = self.starts(*command)
        out, errors = process.communicate(timeout=900)
        assert process.returncode == 0, errors
        return out

    def standing(self) -> list[object]:
        """State of the import, rows of its plan, what came of it, and how many entries tell of that."""
        found: list[object] = json.loads(self.runs("-c", STANDING))
        return found

    def is_killed_at(self, share: float) -> None:
        """The job begins, and is killed once so much of it is done."""
        process = self.starts("-c", JOB, str(share))
        _out, errors = process.communicate(timeout=900)
        assert process.returncode == -signal.SIGKILL, errors


def rows(count: int) -> Sheets:
    contacts: list[Cells] = [
        {"code": f"P{number:05}", "customer": f"C{number % 50}", "name": f"联系人{number}", "mobile": f"138{number:08}"}
        for number in range(count - 60)
    ]
    return {
        "departments": [{"code": f"D{number}", "name": f"业务{number}部"} for number in range(10)],
        "customers": [
            {"code": f"C{number}", "name": f"客户{number}", "department": f"D{number % 10}"} for number in range(50)
        ],
        "contacts": contacts,
    }


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.faults)])
def test_a_job_that_is_killed_at_any_stage_leaves_all_or_nothing(desk: Desk, tmp_path: Path, count: int) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(book(rows(count)).getvalue())
    desk.runs("-c", STEP, str(file))
    desk.is_killed_at(0.3)
    assert desk.standing() == ["reading", 0, 0, 0]
    desk.runs("manage.py", "carry_on_imports")
    assert desk.standing() == ["planned", count, 0, 0]
    desk.runs("-c", STEP)
    for share in (0.05, 0.8):
        desk.is_killed_at(share)
        assert desk.standing() == ["applying", count, 0, 0]
    desk.runs("manage.py", "carry_on_imports")
    assert desk.standing() == ["applied", count, count, count]
    assert "Everything fits" in desk.runs("manage.py", "verify_ledger")


def test_twenty_thousand_rows_are_read_with_little_memory(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(book(rows(MANY)).getvalue())
    told = desk.runs("-c", MEMORY, "import_workbook", str(file))
    assert f"Contacts: New {MANY - 60}," in told
    assert int(told.split("MEMORY ")[1]) < MOST_MEMORY
