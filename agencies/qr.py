"""A QR code as one path, so that the page draws it without an image, a style or a script."""

import dataclasses

import qrcode


@dataclasses.dataclass(frozen=True, slots=True)
class QrSquare:
    """A square of `size` modules; `path` draws the dark ones (SVG path data)."""

    size: int
    path: str


def qr_square(text: str) -> QrSquare:
    """The QR code of a text, with the quiet zone that readers need."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = ((x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return QrSquare(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
