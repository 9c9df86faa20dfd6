"""A picture's bytes as an answer: what a browser does with them is said in every header that has a word in it."""

from django.http import HttpResponse

from scanning.selectors.images import ImageSeen

#: Opened by itself, a picture may load nothing, run nothing and be framed by nobody.
_POLICY = "default-src 'none'; style-src 'none'; sandbox; frame-ancestors 'none'"
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def picture_answer(content: bytes, image: ImageSeen, *, preview: bool = False) -> HttpResponse:
    """The bytes, under a type that was proved by decoding them, and under a name of our own. Nothing keeps them."""
    kind = "image/jpeg" if preview else image.media_type
    name = f"{image.uid}{'-preview' if preview else ''}.{_ENDINGS[kind]}"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Content-Security-Policy"] = _POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
