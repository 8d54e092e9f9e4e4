"""The demonstration: a service firm's people, customers and thirty declarations, replayed through the actions."""

from pathlib import Path


def data_path() -> Path:
    """The file with the demonstration data."""
    return Path(__file__).parent / "data.json"
