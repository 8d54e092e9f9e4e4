"""The names of a record, as far as its rows are read already."""

from __future__ import annotations

from django.utils.translation import gettext as _

from incidents.verbs.timeline import Names
from record_form.reading import Reading


def names_of(reading: Reading) -> Names:
    """Everybody whom the rows of the record name; no query."""
    versions = [row.article_version for row in reading.lookups if row.article_version]
    cases = [row.like_case for row in reading.lookups if row.like_case]
    return Names(
        book=reading.book,
        staff=reading.people,
        contacts=reading.contacts,
        articles={version.pk: version.article.code for version in versions},
        cases={case.pk: case.number for case in cases},
    )


def joined(sentences: list[str]) -> str:
    """Sentences one after the other, as the language sets them."""
    text = sentences[0] if sentences else ""
    for sentence in sentences[1:]:
        text = _("%(first)s %(next)s") % {"first": text, "next": sentence}
    return text
