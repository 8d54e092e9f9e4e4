"""What belongs to a declaration, row by row, as programs see it."""

from __future__ import annotations

from rest_framework import serializers

from api.representation.codes import code, person
from incidents.models import (
    Annex,
    Attachment,
    Communication,
    HandlingStep,
    Handover,
    KnowledgeLookup,
    Visit,
    Voidable,
)

VOIDED = ("row", "voided_at", "voided_by", "void_reason")


class Strikable(serializers.Serializer[Voidable]):
    """A row that can be struck out: its name, and who did so, when and why; empty while it stands."""

    row = serializers.SerializerMethodField(help_text="The row as strike_out takes it.")
    voided_by = person("voided_by")

    def get_row(self, row: Voidable) -> str:
        return f"{row._meta.model_name}:{row.pk}"


class AttachmentSerializer(Strikable, serializers.ModelSerializer[Attachment]):
    sha256 = serializers.CharField(source="file_id")
    size = serializers.IntegerField(source="file.size")
    media_type = serializers.CharField(source="file.media_type")
    belongs_to = serializers.SerializerMethodField(help_text="The row that it was attached to, by its name.")

    class Meta:
        model = Attachment
        fields = ("name", "purpose", "pages", "at", "sha256", "size", "media_type", "given_name", "belongs_to", *VOIDED)

    def get_belongs_to(self, attachment: Attachment) -> str:
        return attachment.row


class CommunicationSerializer(Strikable, serializers.ModelSerializer[Communication]):
    """What the customer was told; `by` is null for what the desk wrote by itself."""

    by = person("by")
    contact = code("contact.code")

    class Meta:
        model = Communication
        fields = ("at", "by", "way", "contact", "to", "text", "is_first_response", "reached", *VOIDED)


class HandlingSerializer(Strikable, serializers.ModelSerializer[HandlingStep]):
    by = person("by")

    class Meta:
        model = HandlingStep
        fields = ("at", "by", "what", "result", *VOIDED)


class VisitSerializer(Strikable, serializers.ModelSerializer[Visit]):
    """Help on the customer's site; `visit` names it where its departure is recorded."""

    visit = serializers.CharField(source="pk")
    by = person("by")

    class Meta:
        model = Visit
        fields = ("visit", "at", "by", "who", "place", "arrival", "departure", *VOIDED)


class LookupSerializer(Strikable, serializers.ModelSerializer[KnowledgeLookup]):
    by = person("by")
    article = code("article_version.article.code")
    like_case = code("like_case.number")

    class Meta:
        model = KnowledgeLookup
        fields = ("at", "by", "query", "result", "article", "like_case", "reason", *VOIDED)


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
