"""The desk's settings as the tests want them; the data folder is new for each run and no .env is read.

`DATABASE_URL` chooses the database, as everywhere: nothing set means SQLite.
"""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="desk-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.update(ENV_FILE=os.devnull, VAR_DIR=_folder, EMBEDDED="true")

if "BROKER_URL" in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
    # Each worker has a broker to itself, so that none takes the jobs of another's desk.
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    os.environ["BROKER_URL"] = f"{os.environ['BROKER_URL'].rpartition('/')[0]}/{number}"

from config.settings import *  # noqa: E402, F403

# Assertions name the message ids; the catalogue has tests of its own.
LANGUAGE_CODE = "en"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
# Each client of a test has a middleware of its own: it looks for the file that is asked for, not for all beforehand.
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Nothing listens: a job that a test wants done is called by the test.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as the desk has one: all threads of a live server would share the one connection to a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}  # noqa: F405
