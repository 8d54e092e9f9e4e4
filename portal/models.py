"""What belongs to pages alone: one's own views of the list, and what the demonstration has replayed so far."""

from django.conf import settings
from django.db import models


class DemoStep(models.Model):
    """One step of the demonstration that has been carried out, written in its transaction: none is done twice."""

    position = models.PositiveIntegerField(unique=True)
    done_at = models.DateTimeField()


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
