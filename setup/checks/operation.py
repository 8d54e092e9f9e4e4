"""Procedure, working calendar, knowledge, channels, and how the desk is run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.clock import now
from setup.checks.findings import Finding, at
from setup.models import Confirmation
from setup.standing import Standing

Kind = Confirmation.Kind
# Somebody's word counts for a year.
LASTS = timedelta(days=366)
MOST_NAMED = 5


def procedure_findings(standing: Standing) -> Iterator[Finding]:
    """The firm's own header, and its own words beside the clauses."""
    if standing.header_is_masked:
        yield Finding(
            _("Issuer, number or first level of the procedure still bear the asterisks of the sample"),
            _("Pages and forms show them. The document owner puts the firm's own in."),
            at("procedure"),
            grave=False,
        )
    if not standing.official_texts:
        yield Finding(
            _("The official text of the procedure is not imported"),
            _("Clauses are shown with our explanations only."),
            at("procedure"),
            grave=False,
        )


def calendar_findings(standing: Standing) -> Iterator[Finding]:
    """A calendar that somebody has looked at, for every year that clocks reach into."""
    if not standing.calendar:
        yield Finding(
            _("There is no default working calendar"), _("Nothing can be accepted or classified."), at("calendars")
        )
    elif not _is_confirmed(standing, Kind.CALENDAR):
        yield Finding(
            _("Nobody has looked at the working hours of %(calendar)s yet") % {"calendar": standing.calendar},
            _("The installation made it from the procedure: working time is counted by it."),
            at("calendars"),
            grave=False,
            confirms=Kind.CALENDAR,
        )
    for year in standing.missing_years:
        yield Finding(
            _("Holidays and make-up days of %(year)s are missing or provisional") % {"year": year},
            _("Due times that reach into that year may be wrong."),
            at("calendars"),
            grave=False,
        )


def knowledge_findings(standing: Standing) -> Iterator[Finding]:
    """Something to look up before an incident is handled, which is read again before it ends."""
    if not standing.articles:
        yield Finding(
            _("The knowledge base has no article in force"),
            _("The desk looks it up before handling (5.4.4) and finds nothing."),
            at("knowledge"),
            grave=False,
        )
    if ending := standing.articles_ending:
        sentence = ngettext(
            "%(count)d article expires within 30 days: %(codes)s",
            "%(count)d articles expire within 30 days: %(codes)s",
            len(ending),
        )
        follows = _("After its last day an article cannot be adopted. A head or the document owner renews it.")
        yield Finding(sentence % _named(ending), follows, at("knowledge") + "?status=valid", grave=False)
    if expired := standing.articles_expired:
        sentence = ngettext(
            "%(count)d article has expired: %(codes)s", "%(count)d articles have expired: %(codes)s", len(expired)
        )
        follows = _(
            "What has expired is found and cannot be adopted. A head or the document owner renews or withdraws it."
        )
        yield Finding(sentence % _named(expired), follows, at("knowledge") + "?status=expired", grave=False)


def _named(codes: list[str]) -> dict[str, object]:
    """How many, and the first few by their numbers."""
    more = "…" if len(codes) > MOST_NAMED else ""
    return {"count": len(codes), "codes": _(", ").join(codes[:MOST_NAMED]) + more}


def channel_findings(standing: Standing) -> Iterator[Finding]:
    """Ways out of the desk that nobody has tried."""
    if not standing.outgoing:
        yield Finding(
            _("Mails and messages of robots do not leave this machine"),
            _("They are kept as files, which a page shows. OUTGOING and EMAIL_URL in the settings let them out."),
            at("channels"),
            grave=False,
        )
    elif not standing.mail_arrived:
        yield Finding(
            _("No e-mail has been delivered yet"),
            _("Nobody knows whether letters to customers go out."),
            at("channels"),
            grave=False,
        )
    for bot in standing.bots_untried:
        values = {"name": bot.name, "reason": bot.failure}
        yield Finding(
            _("The robot %(name)s was tried, and nothing arrived: %(reason)s") % values
            if bot.failure
            else _("The robot %(name)s has not been tried") % values,
            _("Nobody knows whether warnings reach its group. Its page sends a message to try it."),
            at("bot", bot.key),
            grave=False,
        )


def operation_findings(standing: Standing) -> Iterator[Finding]:
    """What nobody can see from inside: backups, and keys that are kept elsewhere."""
    if not _is_confirmed(standing, Kind.BACKUP):
        yield Finding(
            _("Nobody has confirmed within a year that backups are made and that one was restored on trial"),
            _("A disk that fails takes every record with it."),
            grave=False,
            confirms=Kind.BACKUP,
        )
    if not _is_confirmed(standing, Kind.KEYS):
        yield Finding(
            _("Nobody has confirmed within a year that the keys are kept apart from the desk"),
            _("Without them a restored desk reads no secret and seals no ledger."),
            grave=False,
            confirms=Kind.KEYS,
        )


def _is_confirmed(standing: Standing, kind: str) -> bool:
    newest = standing.confirmed.get(kind)
    return newest is not None and newest.confirmed_at > now() - LASTS
