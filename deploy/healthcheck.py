"""Exit 0 if the web server of this container answers and reaches a guarded database."""

import json
import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

host = urlsplit(os.environ["PUBLIC_URL"]).hostname or ""
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
try:
    answer = urllib.request.urlopen(request, timeout=5)  # noqa: S310 - our own address
except urllib.error.HTTPError as error:
    answer = error  # the desk as a whole is unwell; this container may still be well
report = json.load(answer)
sys.exit(not (report.get("database") and report.get("guards")))
