"""Say what the desk still lacks."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from setup.checks import Card, cards
from setup.queries import standing


class Command(BaseCommand):
    """`manage.py check_setup [--language zh-hans]`; ends with status 1 while something keeps people from a step."""

    help = "List what the desk still lacks, in the words of the set-up page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", default="en", choices=["en", "zh-hans"])

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        with override(language):
            parts = cards(standing())
            for card in parts:
                self._tell(card)
        if any(card.grave for card in parts):
            sys.exit(1)

    def _tell(self, card: Card) -> None:
        self.stdout.write(f"{card.title}{'' if card.findings else ': ✓'}")
        for finding in card.findings:
            self.stdout.write(f"  {'!' if finding.grave else '·'} {finding.sentence}. {finding.follows}")
