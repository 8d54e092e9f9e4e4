"""What belongs to pages alone: one's own views of the list."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A person's own view of the list; `query` is the part of the address that it stands for."""

    MOST = 12

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    query = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Its name among the counts of the list."""
        return f"saved-{self.pk}"
