from django.db import migrations
from django.utils import timezone

from search.actions import index


def fill(apps, schema_editor):
    """Contracts that were entered before they had an index."""
    at = timezone.now()  # noqa: TID251 only decides between equals
    for contract in apps.get_model("sla", "Contract").objects.all():
        index("contract", contract.pk, title=contract.name, text=contract.number, at=at)


class Migration(migrations.Migration):
    dependencies = [("sla", "0003_trend"), ("search", "0002_full_text")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
