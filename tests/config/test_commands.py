"""Every command of ours runs as a process of its own: what a test calls finds a connection that others have opened."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
NUMBER, FORM, TEXT = "{number}", "{folder}/form.pdf", "{folder}/procedure.txt"


@dataclass(frozen=True)
class Run:
    """With these arguments the command ends with that status, and says that."""

    arguments: tuple[str, ...] = ()
    says: str = ""
    status: int = 0


# In this order: what is sealed is verified afterwards.
COMMANDS: dict[str, Run] = {
    "migrate": Run(says="No migrations to apply"),
    "create_administrator": Run(says="has an administrator: gulan", status=1),
    "load_demo": Run(says="people or customers of its own", status=1),
    "create_token": Run(("chengmo",), says="desk_"),
    "import_procedure": Run((TEXT,), says="(1): clause 1"),
    "sweep_clocks": Run(says="warnings given"),
    "deliver_notifications": Run(),
    "carry_on_recounts": Run(),
    "watch_agreements": Run(),
    "learn_trend": Run(),
    "backtest_trend": Run(says="Too little history"),
    "expire_articles": Run(),
    "first_code": Run(),
    "check_setup": Run(says="There is one administrator only"),
    "watch_people": Run(says="0 messages"),
    "watch_vacancies": Run(says="0 messages"),
    "export_workbook": Run(("{folder}/export.xlsx", "--language", "en"), says="export.xlsx"),
    "import_workbook": Run(("{folder}/export.xlsx",), says="Departments: New 0, Changed 0, The same 5, Refused 0"),
    "carry_on_imports": Run(says="0 imports"),
    "clear_uploads": Run(says="0 files removed"),
    "copy_attachments": Run(("out", "{folder}/copy"), says="lie in a folder", status=1),
    "count_figures": Run(says="0 records counted"),
    "rebuild_figures": Run(says="1 records counted, 0 of them otherwise than before"),
    "rebuild_search": Run(),
    "reseal_secrets": Run(says="0 robots resealed"),
    "replay_clocks": Run(says="are what their events tell"),
    "print_form": Run((NUMBER, FORM), says="form.pdf"),
    "seal_ledger": Run(says="checkpoints made"),
    "verify_ledger": Run(says="Everything fits"),
    "checkpoint_key": Run(("show",)),
    "build_icons": Run(says="icons.svg written"),
}
# One runs until somebody ends it (tests/services/test_embedded.py), two take a desk apart (tests/upgrades).
ELSEWHERE = {"desk_up", "backup", "restore"}
FILL = """
import django; django.setup()
from base.clock import now
from incidents import actions
from tests import small_firm
from accounts.models import Contact
small_firm.fill()
caller = Contact.objects.select_related("customer__department").get()
call = actions.Call(channel="phone", received_at=now(), subject="对账单漏装", body="客户来电。", contact=caller)
print(actions.accept(call, actor=small_firm.staff("chengmo"), answered_live=True).number)
"""


def test_every_command_of_ours_is_in_the_table() -> None:
    rooms = {room for room in settings.INSTALLED_APPS if (ROOT / room).is_dir()}
    assert {name for name, room in get_commands().items() if room in rooms} == set(COMMANDS) | ELSEWHERE


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LANGUAGE_CODE": "en",
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A small firm with one declaration on SQLite: its folder, and the number."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "procedure.txt").write_text("1 目的\n规范事件管理。\n", encoding="utf-8")
    made = run(folder, "manage.py", "migrate")
    assert made.returncode == 0, made.stderr
    filled = run(folder, "-c", FILL)
    assert filled.returncode == 0, filled.stderr
    return folder, filled.stdout.strip()


@pytest.mark.services
@pytest.mark.parametrize("name", COMMANDS)
def test_it_runs_as_a_process(desk: tuple[Path, str], name: str) -> None:
    folder, number = desk
    wanted = COMMANDS[name]
    arguments = [each.format(folder=folder, number=number) for each in wanted.arguments]
    ended = run(folder, "manage.py", name, *arguments)
    assert ended.returncode == wanted.status, ended.stderr
    assert wanted.says in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
