import os
import signal

from django.db import migrations


def breaks(apps, schema_editor):
    """As BREAKS says: killed, or failed."""
    if os.environ.get("BREAKS") == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise ArithmeticError("broken")


class Migration(migrations.Migration):
    dependencies = [("sessions", "0001_initial")]
    operations = [migrations.RunPython(breaks)]
