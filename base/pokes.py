"""Messages that ask a worker to look for what is due. Any loss of one only changes when: beat asks again."""

from __future__ import annotations

from threading import Lock, Thread

import structlog
from celery import current_app

log = structlog.get_logger(__name__)
LONGEST = 1.0


class _Messenger:
    """Sends in a thread of its own, because a broker that hangs answers neither yes nor no for half a minute."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._thread: Thread | None = None

    def send(self, task: str, arguments: tuple[object, ...], expires: int) -> None:
        with self._one_at_a_time:
            if self._thread is not None and self._thread.is_alive():
                log.warning("poke_dropped", task=task, reason="the broker hangs")
                return
            thread = Thread(target=_send, args=(task, arguments, expires), daemon=True)
            thread.start()
            thread.join(LONGEST)
            self._thread = thread if thread.is_alive() else None


_messenger = _Messenger()


def poke(task: str, *arguments: object, expires: int) -> None:
    """Ask a worker to do `task` within `expires` seconds. Takes a second at most, and fails nobody's step."""
    _messenger.send(task, arguments, expires)


def _send(task: str, arguments: tuple[object, ...], expires: int) -> None:
    try:
        current_app.send_task(task, args=arguments, expires=expires, retry=False, ignore_result=True)
    except Exception:
        log.warning("poke_lost", task=task, exc_info=True)
