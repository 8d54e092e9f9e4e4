"""What the demonstration has replayed so far."""

from django.db import models


class DemoStep(models.Model):
    """One step of the demonstration that has been carried out, written in its transaction: none is done twice."""

    position = models.PositiveIntegerField(unique=True)
    done_at = models.DateTimeField()
