"""JSON that somebody else wrote: in a link, or in a file that is loaded."""

import json
from typing import Any


def parse_json(text: str) -> Any:
    """The value of a JSON text. ValueError, saying why, for what is not JSON, is nested too deeply, or has an escape such
    as \\ud800 that is half a character: no page can show it, and no file can hold it."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except UnicodeEncodeError as error:
        raise ValueError("it has half a character, an escape from \\ud800 to \\udfff without the other half") from error
    return value
