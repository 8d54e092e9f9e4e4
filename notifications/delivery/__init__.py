"""Brings out of the outbox what is due: claimed under a lease, sent outside of any transaction, then noted."""

from notifications.delivery.run import deliver_due

__all__ = ["deliver_due"]
