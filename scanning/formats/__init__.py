"""Decoding: from the bytes a device posted to what it saw. One small module per format; all of it pure."""

from collections.abc import Callable, Mapping

from scanning.choices import DeviceFormat, ProblemCode
from scanning.facts import Decoded, DeviceProfile
from scanning.formats import axis, hikvision, n42, native, openalpr, plate_recognizer, vendor
from scanning.formats.undecodable import Undecodable

__all__ = ["BODY_LIMITS", "Undecodable", "decode"]

Decoder = Callable[[bytes, str, DeviceProfile], Decoded]

_DECODERS: Mapping[str, Decoder] = {
    DeviceFormat.NATIVE.value: native.decode,
    DeviceFormat.N42.value: n42.decode,
    DeviceFormat.PLATE_RECOGNIZER.value: plate_recognizer.decode,
    DeviceFormat.OPENALPR.value: openalpr.decode,
    DeviceFormat.HIKVISION.value: hikvision.decode,
    DeviceFormat.AXIS.value: axis.decode,
}

BODY_LIMITS: Mapping[str, int] = {
    DeviceFormat.NATIVE.value: native.BODY_BYTES,
    DeviceFormat.N42.value: n42.BODY_BYTES,
    DeviceFormat.PLATE_RECOGNIZER.value: vendor.BODY_BYTES,
    DeviceFormat.OPENALPR.value: vendor.BODY_BYTES,
    DeviceFormat.HIKVISION.value: vendor.BODY_BYTES,
    DeviceFormat.AXIS.value: vendor.BODY_BYTES,
}
"""The largest body, in bytes, that each format allows."""


def decode(body: bytes, content_type: str, profile: DeviceProfile) -> Decoded:
    """Return what a device saw, by the format that its profile names; raise Undecodable and nothing else.

    A fault of ours in a decoder must not cost the delivery: it goes to quarantine as well, under a code of
    its own, and can be replayed once the decoder is repaired.
    """
    decoder = _DECODERS.get(profile.format)
    if decoder is None:
        raise Undecodable(ProblemCode.WRONG_SHAPE, f"no decoder for the format {profile.format[:40]!r}")
    try:
        return decoder(body, content_type, profile)
    except Undecodable:
        raise
    except Exception as error:
        raise Undecodable(ProblemCode.DECODER_ERROR, f"{type(error).__name__} in {profile.format}") from error
