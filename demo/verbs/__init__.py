"""How each verb of the demonstration's steps calls its action."""

from demo.verbs.plays import PLAYS
from demo.verbs.scene import Scene

__all__ = ["PLAYS", "Scene"]
