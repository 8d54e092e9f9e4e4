"""Every write of this room: telling people, reading, choosing what reaches one, keeping robots, trying again."""

from notifications.actions.bots import Setting, change_bot, create_bot, test_bot
from notifications.actions.dead_letters import retry, retry_all
from notifications.actions.links import send_password_link
from notifications.actions.preferences import choose
from notifications.asking import answer_asked, ask_for_link
from notifications.delivery import deliver_due
from notifications.outbox import (
    Channel,
    Notice,
    Status,
    cancel,
    mark_all_seen,
    mark_seen,
    mark_told_seen,
    notify,
    notify_all,
)

__all__ = [
    "Channel",
    "Notice",
    "Setting",
    "Status",
    "answer_asked",
    "ask_for_link",
    "cancel",
    "change_bot",
    "choose",
    "create_bot",
    "deliver_due",
    "mark_all_seen",
    "mark_seen",
    "mark_told_seen",
    "notify",
    "notify_all",
    "retry",
    "retry_all",
    "send_password_link",
    "test_bot",
]
