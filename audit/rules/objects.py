"""How the objects of one record are named: all of them up to a limit, above it by their number and their hash."""

import hashlib
import uuid
from collections.abc import Collection
from typing import Any

#: The most objects that one record names one by one.
NAMED = 500


def objects_told(uids: Collection[uuid.UUID]) -> tuple[list[str], dict[str, Any]]:
    """The ids to be stored, and what goes into the detail: their number and SHA-256 when there are too many."""
    texts = [str(uid) for uid in uids]
    if len(texts) <= NAMED:
        return texts, {}
    digest = hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()
    return [], {"objects": len(texts), "objects_sha256": digest}
