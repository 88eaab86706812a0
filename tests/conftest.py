"""What all tests share beside the chassis' plugin."""

import os

from hypothesis import settings

# A change is judged by the same examples on every machine; new ones are looked for where somebody can look at them.
settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
