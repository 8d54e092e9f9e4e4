"""A desk whose next version has a migration that breaks."""

from config.settings import *  # noqa: F403

MIGRATION_MODULES = {"sessions": "tests.upgrades.broken"}
