"""What is typed about articles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PersonField
from accounts.models import User
from base.forms import choice
from knowledge.access import reviewers
from knowledge.models import KnowledgeArticle
from knowledge.queries import earlier_reviewers
from procedure.queries import Leaf
from ui import fields


class ArticleForm(forms.Form):
    """The words of an article, in general: without customers, names and numbers."""

    use_required_attribute = False

    title = fields.line(_("Title"))
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("For which incidents it is suggested. Hold Ctrl to choose several."),
    )
    symptom = fields.text(
        _("Symptom"), help_text=_("As it shows itself, in general words, without customer, names and numbers.")
    )
    solution_steps = fields.Lines(
        label=_("Solution, one step a line"), widget=forms.Textarea(attrs={"rows": 6}), most=40, longest=1000
    )
    keywords = fields.Lines(
        label=_("Keywords, one a line"), required=False, most=20, longest=60, help_text=_("Other words for the same.")
    )

    def __init__(self, *args: Any, leaves: Iterable[Leaf], **options: Any) -> None:
        super().__init__(*args, **options)
        choice(self, "categories").choices = [(leaf.code, str(leaf.name)) for leaf in leaves]

    @staticmethod
    def initial_of(article: KnowledgeArticle) -> dict[str, Any]:
        """The form as the article stands."""
        return {name: getattr(article, name) for name in ArticleForm.base_fields}


class ProposeForm(forms.Form):
    """Who is asked to approve."""

    reviewer = PersonField(label=_("Who approves it"))

    def __init__(self, *args: Any, author: User, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("PersonField", self.fields["reviewer"]).offer(
            reviewers(author), near=author, likely=earlier_reviewers(author)
        )


class ValidityForm(forms.Form):
    """How long it may be adopted."""

    valid_until = fields.day(
        _("Valid until"), required=False, help_text=_("The last day on which it may be adopted. Empty: no end.")
    )


class RemarkForm(forms.Form):
    """What the author has to know."""

    remark = fields.text(_("Why"), required=False)
