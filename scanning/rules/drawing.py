"""Which vehicles are drawn at random for a search. Pure.

Random searches are what makes rates mean something (scanning/rules/rates.py), so nobody chooses them: the passage's
own random id does. It is made when the vehicle comes, so neither a driver nor an officer can know it before.
"""

import uuid

_FINE = 1_000_000


def is_drawn(passage: uuid.UUID, share: float) -> bool:
    """Whether this passage belongs to the share (0 to 1) that is to be searched whatever the sensors say."""
    return passage.int % _FINE < share * _FINE
