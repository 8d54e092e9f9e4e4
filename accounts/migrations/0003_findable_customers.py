from django.db import migrations
from django.utils import timezone

from search.actions import index


def fill(apps, schema_editor):
    """Customers and contacts that were entered before they had an index."""
    at = timezone.now()  # noqa: TID251 only decides between equals
    for customer in apps.get_model("accounts", "Customer").objects.all():
        index("customer", customer.pk, title=customer.name, text=customer.code, at=at)
    for contact in apps.get_model("accounts", "Contact").objects.select_related("customer"):
        index("contact", contact.pk, title=contact.name, text=contact.customer.name, at=at)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_numbers_as_kept"), ("search", "0002_full_text")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
