"""Facts of pictures: a small one beside its event, and one with its notes."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.facts.acts import Detail


@dataclass(frozen=True, slots=True)
class ImageThumb:
    """A small picture that leads to the large one. Width and height are those of the small one, in pixels."""

    url: str
    preview_url: str
    alt: str
    word: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class NoteCard:
    """One note in a picture, numbered as it stands there. The box is in the picture's pixels, as SVG reads them."""

    number: int
    uid: str
    at: datetime
    who: str
    text: str
    box: tuple[str, str, str, str] | None
    label_at: tuple[str, str] | None
    withdrawn_at: datetime | None
    withdrawn_because: str
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class ImagePage:
    """Everything its reader may see of one picture."""

    id: str
    title: str
    alt: str
    content_url: str
    width: int
    height: int
    passage: str
    device: str
    device_url: str
    is_imaging: bool
    details: tuple[Detail, ...]
    notes: tuple[NoteCard, ...]
    kept_reason: str
    kept_at: datetime | None
    kept_by: str
    may_act: bool
    text_size: str
    line: str
