"""What is kept up beside the declarations: contracts and articles."""

from __future__ import annotations

from datetime import date

from accounts.models import Customer
from demo.verbs.scene import Scene
from knowledge import actions as knowledge
from knowledge.models import KnowledgeArticle
from sla.actions import Terms, create_contract
from sla.models import Contract
from sla.targets import Target


def renew_contract(scene: Scene) -> None:
    """The same terms once more, under a number of their own."""
    values = scene.values
    customer = Customer.objects.select_related("department").get(code=values["customer"])
    if Contract.objects.filter(number=values["number"]).exists():
        return
    last = customer.contracts.order_by("ends_on").last()
    assert last is not None
    terms = Terms(
        number=values["number"],
        name=last.name,
        starts_on=date.fromisoformat(values["starts_on"]),
        ends_on=date.fromisoformat(values["ends_on"]),
        service_scope=last.service_scope,
        process_notes=last.process_notes,
        pause_allowed=last.pause_allowed,
        closure=last.closure,
        response=Target.from_data(last.response_target) if last.response_target else None,
        targets={row.level: Target.from_data(row.target) for row in last.targets.all()},
        calendar=last.calendar,
    )
    create_contract(customer, terms, actor=scene.actor)


def renew_article(scene: Scene) -> None:
    article = KnowledgeArticle.objects.get(code=scene.values["article"])
    until = date.fromisoformat(scene.values["valid_until"])
    knowledge.renew(article.pk, version=None, actor=scene.actor, valid_until=until)
