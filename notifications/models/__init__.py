"""The outbox, the robots of departments, and what each person wants to hear of."""

from notifications.models.asked import AskedLink
from notifications.models.batches import Batch
from notifications.models.bots import Bot, Pace
from notifications.models.enclosures import Enclosure
from notifications.models.outbox import Notification, Reason
from notifications.models.preferences import Preference

__all__ = ["AskedLink", "Batch", "Bot", "Enclosure", "Notification", "Pace", "Preference", "Reason"]
