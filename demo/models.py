"""How far the demonstration has been played."""

from django.db import models


class DemoStep(models.Model):
    """One step of the thirty that has been carried out, written in its transaction: none is done twice."""

    position = models.PositiveIntegerField(unique=True)
    done_at = models.DateTimeField()


class StoryPoint(models.Model):
    """Up to which instant the firm has worked on; moved in the transaction of each step. There is one row."""

    reached = models.DateTimeField()


class Visit(models.Model):
    """A start of the demonstration: the calls of the hour before it belong to the story from then on."""

    at = models.DateTimeField(unique=True)
