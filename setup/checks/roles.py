"""Roles of clause 4.1 and of the glossary that nobody holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role
from setup.checks.findings import Finding, at
from setup.standing import Standing

# What follows where nobody holds the role, for a department and for the firm.
OF_A_DEPARTMENT: Mapping[Role, Promise] = {
    Role.DEPARTMENT_HEAD: gettext_lazy("Escalations and service requests wait for a decision that nobody can give."),
    Role.CUSTODIAN: gettext_lazy("Closed records cannot be filed."),
    Role.DUTY_DESK: gettext_lazy("Calls of unknown customers, and of customers without a desk, reach nobody."),
}
OF_THE_FIRM: Mapping[Role, Promise] = {
    Role.RISK_CONTROL: gettext_lazy("Service requests and decisions on escalations wait for an opinion for ever."),
    Role.PROBLEM_MANAGER: gettext_lazy("A severe or repeated incident cannot become a problem."),
    Role.COMPLAINT_OWNER: gettext_lazy("Complaints cannot be handed over."),
    Role.SECURITY_OFFICER: gettext_lazy("Security events cannot be handed over."),
    Role.SALES: gettext_lazy("What lies outside of a contract cannot be handed over."),
    Role.AUDITOR: gettext_lazy("Nobody reviews the closed records (clause 6)."),
    Role.MANAGEMENT: gettext_lazy("What a head leaves undecided climbs to nobody."),
    Role.DOCUMENT_OWNER: gettext_lazy("Nobody keeps the procedure up to date."),
}


def department_findings(standing: Standing) -> Iterator[Finding]:
    """No department yet, or one without head, custodian or duty desk."""
    if standing.whole_firm and not standing.departments:
        yield Finding(
            _("There is no business department yet"),
            _("Customers, contracts and records belong to one."),
            at("department-new"),
        )
    for department in standing.departments:
        for role, follows in OF_A_DEPARTMENT.items():
            if not standing.holds(role, department):
                sentence = _("%(department)s: nobody is %(role)s") % {"department": department, "role": role.label}
                yield Finding(sentence, str(follows), at("department", department.pk))


def people_findings(standing: Standing) -> Iterator[Finding]:
    """Roles of the firm without a holder, and people who cannot work yet."""
    if standing.whole_firm:
        yield from _roles_of_the_firm(standing)
    for person in standing.without_password:
        yield Finding(
            _("%(name)s has no password yet") % {"name": person.get_full_name()},
            _("They cannot sign in. Give them a link to set one."),
            at("person", person.pk),
        )
    for person in standing.unqualified:
        yield Finding(
            _("%(name)s serves customers without a proof of qualification in force") % {"name": person.get_full_name()},
            _("Clause 8 asks for one; the desk warns and blocks nothing."),
            at("person", person.pk),
            grave=False,
        )


def _roles_of_the_firm(standing: Standing) -> Iterator[Finding]:
    for role, follows in OF_THE_FIRM.items():
        if not standing.holds(role):
            yield Finding(_("Nobody is %(role)s") % {"role": role.label}, str(follows), at("people"))
    if standing.administrators < 2:
        yield Finding(
            _("There is one administrator only"),
            _("While they are away nobody can let somebody else in."),
            at("people"),
            grave=False,
        )
