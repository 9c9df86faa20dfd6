"""The detection equipment: whose it is, where it stands, and which agencies see what it sees."""

from typing import NamedTuple

from scanning.choices import DeviceFormat, DeviceKind

#: Audiences, by the owner's choice. The port operator sees its own cameras and what it must keep running.
ALL = ("UKBA", "PAF", "DOUANES", "CCIC")
AUTHORITIES = ("UKBA", "PAF", "DOUANES")
BORDER = ("UKBA", "PAF")
FREIGHT = ("UKBA", "DOUANES")

NATIVE, N42 = DeviceFormat.NATIVE, DeviceFormat.N42

_NAMES = {
    DeviceKind.ANPR: ("Plate reader", "Lecteur de plaques"),
    DeviceKind.XRAY: ("X-ray scanner", "Scanner à rayons X"),
    DeviceKind.GAMMA: ("Gamma imager", "Imageur gamma"),
    DeviceKind.PMMW: ("Millimetre-wave imager", "Imageur à ondes millimétriques"),
    DeviceKind.CO2: ("CO₂ probe", "Sonde CO₂"),
    DeviceKind.HEARTBEAT: ("Heartbeat detector", "Détecteur de battements cardiaques"),
    DeviceKind.RADIATION: ("Radiation portal", "Portique de radiodétection"),
    DeviceKind.DOG: ("Dog team", "Équipe cynophile"),
    DeviceKind.SEARCH: ("Search team", "Équipe de fouille"),
    DeviceKind.KEYBOARD: ("Entry by hand", "Saisie manuelle"),
}
_SUFFIXES = {
    "F": (", front", ", avant"),
    "R": (", rear", ", arrière"),
    "C": (", approach", ", approche"),
    "P": (", police", ", police"),
}
#: A machine that says nothing for so long (seconds) is silent; teams and hand terminals may be at rest.
_RHYTHM = {
    DeviceKind.ANPR: 900,
    DeviceKind.RADIATION: 900,
    DeviceKind.HEARTBEAT: 3600,
    DeviceKind.PMMW: 3600,
    DeviceKind.XRAY: 3600,
    DeviceKind.GAMMA: 3600,
}
#: These vendors' cameras take nothing but 200 as success.
_ANSWERS_200 = (DeviceFormat.HIKVISION, DeviceFormat.AXIS)


class DeviceData(NamedTuple):
    """One device: `code` is `<lane>-<word>[-<suffix>]`; `sees` are all agencies with a view, the owner too."""

    code: str
    kind: DeviceKind
    owner: str
    sees: tuple[str, ...]
    format: DeviceFormat = NATIVE
    gateway: str = ""
    sensitive: bool = False

    @property
    def lane(self) -> str:
        """The code of its lane."""
        return "-".join(self.code.split("-")[:2])

    @property
    def names(self) -> tuple[str, str]:
        """English and French name: what it is, and which lane it works."""
        english, french = _NAMES[self.kind]
        extra = _SUFFIXES.get(self.code.rpartition("-")[2], ("", ""))
        return f"{english}{extra[0]}, {self.lane}", f"{french}{extra[1]}, {self.lane}"

    @property
    def rhythm_s(self) -> int:
        """The longest silence that is normal, in seconds; 0 when none is expected."""
        return _RHYTHM.get(self.kind, 0)

    @property
    def answers_200(self) -> bool:
        """Whether its camera takes only 200 as success."""
        return self.format in _ANSWERS_200


def _camera(code: str, format: DeviceFormat = NATIVE) -> DeviceData:
    return DeviceData(code, DeviceKind.ANPR, "CCIC", ALL, format)


DEVICES = (
    # Calais: the port's cameras are seen by all.
    _camera("CAL-L1-ANPR-F"),
    _camera("CAL-L1-ANPR-R"),
    _camera("CAL-L2-ANPR-F", DeviceFormat.PLATE_RECOGNIZER),
    _camera("CAL-L2-ANPR-R"),
    _camera("CAL-L3-ANPR-F", DeviceFormat.OPENALPR),
    _camera("CAL-L3-ANPR-R"),
    _camera("CAL-L4-ANPR-F", DeviceFormat.HIKVISION),
    _camera("CAL-L5-ANPR-F", DeviceFormat.AXIS),
    _camera("CAL-L6-ANPR-F"),
    _camera("CAL-L7-ANPR-F"),
    _camera("CAL-L8-ANPR-F"),
    DeviceData("CAL-L2-ANPR-C", DeviceKind.ANPR, "UKBA", ("UKBA",), sensitive=True),
    DeviceData("CAL-L7-ANPR-P", DeviceKind.ANPR, "PAF", ("PAF",)),
    DeviceData("CAL-L1-RPM", DeviceKind.RADIATION, "UKBA", AUTHORITIES, N42),
    DeviceData("CAL-L3-RPM", DeviceKind.RADIATION, "UKBA", AUTHORITIES),
    DeviceData("CAL-L2-CO2", DeviceKind.CO2, "UKBA", BORDER),
    DeviceData("CAL-L4-CO2", DeviceKind.CO2, "UKBA", BORDER),
    DeviceData("CAL-L7-CO2", DeviceKind.CO2, "UKBA", BORDER),
    DeviceData("CAL-L3-PMMW", DeviceKind.PMMW, "UKBA", BORDER),
    DeviceData("CAL-L5-HB", DeviceKind.HEARTBEAT, "UKBA", BORDER),
    DeviceData("CAL-L6-HB", DeviceKind.HEARTBEAT, "UKBA", BORDER),
    DeviceData("CAL-L8-XRAY", DeviceKind.XRAY, "DOUANES", FREIGHT),
    DeviceData("CAL-L8-GAMMA", DeviceKind.GAMMA, "DOUANES", FREIGHT),
    DeviceData("CAL-L5-DOG", DeviceKind.DOG, "PAF", BORDER),
    DeviceData("CAL-L6-DOG", DeviceKind.DOG, "UKBA", BORDER),
    DeviceData("CAL-L8-DOG", DeviceKind.DOG, "DOUANES", AUTHORITIES),
    DeviceData("CAL-L5-SEARCH", DeviceKind.SEARCH, "UKBA", BORDER),
    DeviceData("CAL-L6-SEARCH", DeviceKind.SEARCH, "PAF", BORDER),
    DeviceData("CAL-L8-SEARCH", DeviceKind.SEARCH, "DOUANES", FREIGHT),
    DeviceData("CAL-L1-KEY-U", DeviceKind.KEYBOARD, "UKBA", AUTHORITIES),
    DeviceData("CAL-L1-KEY-P", DeviceKind.KEYBOARD, "PAF", AUTHORITIES),
    DeviceData("CAL-L1-KEY-D", DeviceKind.KEYBOARD, "DOUANES", AUTHORITIES),
    # Coquelles: the concession's cameras come through the PAF's gateway.
    DeviceData("COQ-L1-ANPR-F", DeviceKind.ANPR, "PAF", AUTHORITIES, gateway="Coquelles camera gateway"),
    DeviceData("COQ-L2-ANPR-F", DeviceKind.ANPR, "PAF", AUTHORITIES, gateway="Coquelles camera gateway"),
    DeviceData("COQ-L3-ANPR-F", DeviceKind.ANPR, "PAF", AUTHORITIES, gateway="Coquelles camera gateway"),
    DeviceData("COQ-L4-ANPR-F", DeviceKind.ANPR, "PAF", AUTHORITIES, gateway="Coquelles camera gateway"),
    DeviceData("COQ-L1-RPM", DeviceKind.RADIATION, "UKBA", AUTHORITIES, N42),
    DeviceData("COQ-L2-HB", DeviceKind.HEARTBEAT, "UKBA", BORDER),
    DeviceData("COQ-L3-PMMW", DeviceKind.PMMW, "UKBA", BORDER),
    DeviceData("COQ-L2-CO2", DeviceKind.CO2, "PAF", BORDER),
    DeviceData("COQ-L3-DOG", DeviceKind.DOG, "PAF", BORDER),
    DeviceData("COQ-L4-XRAY", DeviceKind.XRAY, "DOUANES", FREIGHT),
    DeviceData("COQ-L4-SEARCH", DeviceKind.SEARCH, "PAF", AUTHORITIES),
    # Dunkirk
    DeviceData("DKK-L1-ANPR-F", DeviceKind.ANPR, "DOUANES", AUTHORITIES),
    DeviceData("DKK-L2-ANPR-F", DeviceKind.ANPR, "DOUANES", AUTHORITIES),
    DeviceData("DKK-L3-ANPR-F", DeviceKind.ANPR, "DOUANES", AUTHORITIES),
    DeviceData("DKK-L1-CO2", DeviceKind.CO2, "UKBA", BORDER),
    DeviceData("DKK-L2-DOG", DeviceKind.DOG, "PAF", BORDER),
    DeviceData("DKK-L3-XRAY", DeviceKind.XRAY, "DOUANES", FREIGHT),
    DeviceData("DKK-L2-SEARCH", DeviceKind.SEARCH, "UKBA", BORDER),
    # Dover
    DeviceData("DVR-L1-ANPR-F", DeviceKind.ANPR, "UKBA", FREIGHT),
    DeviceData("DVR-L2-ANPR-F", DeviceKind.ANPR, "UKBA", FREIGHT),
    DeviceData("DVR-L3-ANPR-F", DeviceKind.ANPR, "UKBA", FREIGHT),
    DeviceData("DVR-L1-RPM", DeviceKind.RADIATION, "UKBA", ("UKBA",), N42),
    DeviceData("DVR-L3-XRAY", DeviceKind.XRAY, "UKBA", FREIGHT),
    DeviceData("DVR-L3-DOG", DeviceKind.DOG, "UKBA", ("UKBA",)),
    DeviceData("DVR-L3-SEARCH", DeviceKind.SEARCH, "UKBA", FREIGHT),
)
