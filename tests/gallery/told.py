"""What a page is told."""

import json
import re
from pathlib import Path
from typing import Any


def told(page: Path) -> Any:
    """The JSON of a page."""
    text = page.read_text(encoding="utf-8")
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text)
    return json.loads(found)
