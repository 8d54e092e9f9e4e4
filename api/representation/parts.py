"""What belongs to a declaration, row by row, as programs see it."""

from __future__ import annotations

from rest_framework import serializers

from api.representation.codes import code, person
from incidents.models import Annex, Attachment, Communication, HandlingStep, Handover, Visit


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    sha256 = serializers.CharField(source="file_id")
    size = serializers.IntegerField(source="file.size")
    media_type = serializers.CharField(source="file.media_type")

    class Meta:
        model = Attachment
        fields = ("name", "purpose", "pages", "at", "sha256", "size", "media_type")


class CommunicationSerializer(serializers.ModelSerializer[Communication]):
    """What the customer was told; `by` is null for what the desk wrote by itself."""

    by = person("by")
    contact = code("contact.code")

    class Meta:
        model = Communication
        fields = ("at", "by", "way", "contact", "to", "text", "is_first_response", "reached")


class HandlingSerializer(serializers.ModelSerializer[HandlingStep]):
    by = person("by")

    class Meta:
        model = HandlingStep
        fields = ("at", "by", "what", "result")


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """Help on the customer's site; `visit` names it where its departure is recorded."""

    visit = serializers.CharField(source="pk")
    by = person("by")

    class Meta:
        model = Visit
        fields = ("visit", "at", "by", "who", "place", "arrival", "departure")


class HandoverSerializer(serializers.ModelSerializer[Handover]):
    receiver = person("receiver")
    received_by = person("received_by")

    class Meta:
        model = Handover
        fields = (
            "kind",
            "at",
            "receiver",
            "content",
            "received_by",
            "received_at",
            "returned_at",
            "return_reason",
            "completed_at",
            "reference",
            "result",
        )


class AnnexSerializer(serializers.ModelSerializer[Annex]):
    class Meta:
        model = Annex
        fields = ("kind", "at", "text", "name")
