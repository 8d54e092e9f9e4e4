"""What the pages of the document show beside the rules."""

from __future__ import annotations

from procedure.models import ChangeRow, OfficialText, ProcedureVersion, Reference


def official_texts(version_id: int) -> dict[tuple[str, str], str]:
    """The owner's words by (kind, key), the newest import of each place; one query."""
    rows = OfficialText.objects.filter(procedure=version_id).order_by("id")
    return {(row.kind, row.key): row.text for row in rows}


def references(version_id: int) -> list[Reference]:
    """The register of documents that this one leads to (A-31)."""
    return list(Reference.objects.filter(procedure=version_id))


def changes(version_id: int) -> list[ChangeRow]:
    """The change table of a version (R-DC-2)."""
    return list(ChangeRow.objects.filter(procedure=version_id))


def versions() -> list[ProcedureVersion]:
    """All versions, newest first, with the people behind each."""
    return list(
        ProcedureVersion.objects.select_related("author", "reviewer", "approver").order_by("-effective_on", "-id")
    )
