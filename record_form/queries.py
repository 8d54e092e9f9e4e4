"""The form of a declaration: composed while it is open, read from the frozen copy once it is filed."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from incidents.models import Declaration, State
from ledger import queries as ledger
from ledger.canonical import plain
from ledger.exceptions import Reason
from procedure.queries import Header, Words
from record_form import catalogue, glyphs
from record_form.models import FiledForm
from record_form.reading import Reading, read
from record_form.sections.audit import audit
from record_form.sections.completion import completion, filing
from record_form.sections.escalation import escalation
from record_form.sections.grading import grading
from record_form.sections.handling import handling
from record_form.sections.intake import intake
from record_form.sections.monitoring import monitoring
from record_form.sections.screening import screening
from record_form.structure import Heading, LedgerHead, RecordForm, ReviewSheet, Section
from record_form.values import section
from record_form.wording import form_title, not_filled_in, of_header

FILING_ROW = 53
COMPOSERS = (
    (catalogue.INTAKE, intake),
    (catalogue.SCREENING, screening),
    (catalogue.GRADING, grading),
    (catalogue.HANDLING, handling),
    (catalogue.ESCALATION, escalation),
    (catalogue.MONITORING, monitoring),
    (catalogue.COMPLETION, completion),
    (catalogue.FILING, filing),
)


def compose(
    declaration: Declaration, *, review: ReviewSheet | None = None, ledger_head: LedgerHead | None = None
) -> RecordForm:
    """All 56 rows from what the record holds now, with what is set on `declaration` and not yet saved.

    At most 21 statements, however much the record holds (see `reading.read`).
    """
    return with_audit(frozen_part(declaration), review=review, ledger_head=ledger_head)


def frozen_part(declaration: Declaration) -> RecordForm:
    """Sections 1 to 8, which filing freezes; cost as `compose`."""
    reading = read(declaration)
    return RecordForm(
        number=declaration.number,
        heading=_heading(reading),
        sections=composed(reading),
    )


def composed(reading: Reading) -> list[Section]:
    """Sections 1 to 8 of what was read; no query."""
    return [section(kind, compose_section(reading), reading) for kind, compose_section in COMPOSERS]


def without_glyph(form: RecordForm) -> list[str]:
    """The characters of the form that its fonts do not have, and that it prints by their code points; no query."""
    return glyphs.missing(json.dumps(asdict(form), ensure_ascii=False))


def with_audit(
    form: RecordForm, *, review: ReviewSheet | None = None, ledger_head: LedgerHead | None = None
) -> RecordForm:
    """The form with section 9, which belongs to the time of printing."""
    return replace(form, sections=[*form.sections, _audit_section(review, ledger_head)])


def form_of(
    declaration: Declaration, *, review: ReviewSheet | None = None, ledger_head: LedgerHead | None = None
) -> tuple[RecordForm, FiledForm | None]:
    """The form to show or print, and the frozen row that it was read from once the declaration is filed; one row then.

    Raises `FiledForm.DoesNotExist` for a filed declaration without one.
    """
    if declaration.state != State.FILED:
        return compose(declaration, review=review, ledger_head=ledger_head), None
    filed = FiledForm.objects.get(declaration=declaration)
    form = RecordForm.from_data(json.loads(filed.content))
    return with_audit(form, review=review, ledger_head=ledger_head), filed


def head_of(declaration: Declaration) -> LedgerHead | None:
    """Row 56: the last entry of the declaration's chain, and the checkpoint that covers it; two rows."""
    entry = ledger.head(declaration.stream)
    if entry is None:
        return None
    sealed = ledger.sealed_by(entry.stream, entry.sequence)
    covered = (sealed.number, sealed.root) if sealed else (0, "")
    return LedgerHead(entry.hash, entry.sequence, str(plain(entry.at)), *covered)


def missing(declaration: Declaration) -> list[Reason]:
    """What keeps the form from being filed: a reason for each obligatory row not filled in; cost as `compose`."""
    return missing_in(frozen_part(declaration), apart_from=FILING_ROW)


def missing_in(form: RecordForm, *, apart_from: int | None = None) -> list[Reason]:
    """The same of a form that was composed already."""
    return [
        Reason(not_filled_in(row), part.clause.split()[-1])
        for part in form.sections
        for row in part.rows
        if row.is_missing and row.number != apart_from
    ]


def _heading(reading: Reading) -> Heading:
    header: Header = reading.book.header
    return Heading(
        title=form_title(),
        procedure=Words(header.title.zh, header.title.en or header.title.zh),
        procedure_number=header.number,
        version=header.version_label,
        controlled_status=of_header(header.controlled_status),
        confidentiality=of_header(header.confidentiality),
        issuer=header.issuer,
        issued_on=header.issued_on.isoformat(),
        effective_on=header.effective_on.isoformat(),
    )


def _audit_section(review: ReviewSheet | None, ledger_head: LedgerHead | None) -> Section:
    return section(catalogue.AUDIT, audit(review, ledger_head), None)
