"""Pictures drawn as they are needed, so that a demonstration has some and the repository has none.

Nobody could take them for real ones: flat shapes, and the words "simulated" in every one.
"""

import io
from random import Random

from PIL import Image, ImageDraw

from scanning.choices import DeviceKind, View

#: Which technique makes pictures, and what they are called.
VIEWS = {
    DeviceKind.XRAY.value: View.XRAY.value,
    DeviceKind.GAMMA.value: View.GAMMA.value,
    DeviceKind.PMMW.value: View.PMMW.value,
}
_WORD = "simulated"


def lorry_picture(mark: str) -> bytes:
    """The front of a lorry with its plate, as a camera shows it."""
    image = Image.new("RGB", (320, 220), "#56606a")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 170, 320, 220), fill="#3b4147")
    draw.rectangle((70, 20, 250, 185), fill="#8d2f2a", outline="#2a2a2a", width=3)
    draw.rectangle((88, 40, 232, 95), fill="#1f2b36")
    for left in (84, 206):
        draw.ellipse((left, 128, left + 30, 150), fill="#f3ecc4")
    draw.rectangle((110, 156, 210, 178), fill="#f6f6ee", outline="#101010", width=2)
    draw.text((160, 167), mark[:12], fill="#101010", anchor="mm", font_size=15)
    draw.text((316, 216), _WORD, fill="#c9ced2", anchor="rs", font_size=10)
    return _bytes(image, "JPEG", quality=70)


def plate_picture(mark: str) -> bytes:
    """The plate alone."""
    image = Image.new("RGB", (160, 40), "#f6f6ee")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 159, 39), outline="#101010", width=2)
    draw.text((80, 17), mark[:12], fill="#101010", anchor="mm", font_size=20)
    draw.text((156, 37), _WORD, fill="#6c7378", anchor="rs", font_size=8)
    return _bytes(image, "JPEG", quality=75)


def scan_picture(rng: Random, *, kind: str, suspect: bool) -> bytes:
    """A lorry from the side as an imaging system shows it: the load in greys, and what does not belong to it."""
    ground, ink = (26, 200) if kind == DeviceKind.PMMW.value else (235, 40)
    image = Image.new("L", (560, 220), ground)
    draw = ImageDraw.Draw(image)

    def grey(share: float) -> int:
        return round(ground + (ink - ground) * share)

    draw.rectangle((20, 30, 420, 165), fill=grey(0.12), outline=grey(0.5), width=2)
    draw.rectangle((432, 70, 530, 165), fill=grey(0.2), outline=grey(0.6), width=2)
    for left in range(28, 400, 48):
        height = rng.randint(50, 120)
        draw.rectangle(
            (left, 163 - height, left + 42, 163), fill=grey(rng.uniform(0.25, 0.5)), outline=grey(0.55)
        )
    for left in (60, 110, 330, 450):
        draw.ellipse((left, 150, left + 44, 194), fill=grey(0.8))
    if suspect:  # somebody sits between the pallets
        left = rng.randint(60, 340)
        draw.ellipse((left, 84, left + 20, 106), fill=grey(0.72))
        draw.ellipse((left - 8, 104, left + 28, 160), fill=grey(0.72))
    draw.text((554, 214), _WORD, fill=grey(0.7), anchor="rs", font_size=11)
    return _bytes(image, "PNG")


def _bytes(image: Image.Image, kind: str, **more: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()
