"""Registration marks in the real shapes of each country, and container numbers with a right check digit."""

from random import Random

from stdnum import iso6346

_CONSONANTS = "BCDFGHJKLMNPRSTVWXYZ"
_SIV = "ABCDEFGHJKLMNPQRSTVWXYZ"
_GB = "ABCDEFGHJKLMNOPRSTUVWXY"
_BG = "ABEKMHOPCTYX"
_IT = "ABCDEFGHJKLMNPRSTVWXYZ"
_ANY = "ABCDEFGHJKLMNPRSTUVWXYZ"

_ALPHABETS = {
    "C": _CONSONANTS,
    "F": _SIV,
    "G": _GB,
    "K": _BG,
    "T": _IT,
    "L": _ANY,
    "9": "0123456789",
    "1": "123456789",
}

# In each template the letters above and the digits 9 and 1 stand for a character drawn from that set; what
# stands between braces is kept as it is, or drawn from the list when there are several.
_PL = "{WGM|WPI|WPR|PO|POS|KR|KRA|LU|LUB|RZE|EL|ELW|GD|SK|ST|TK|BI|NO|DW|CB}"
_RO = "{AB|AR|AG|BC|BH|BN|BR|BV|BZ|CJ|CT|DB|DJ|GL|HD|IS|MM|MS|PH|SB|SM|SV|TM|VL|VN}"
_DE = "{HH|HB|M|K|DU|D|BOR|OS|KS|MS|EL|ST|N|S|UN|HI}"
_VEHICLES = {
    "GB": ("GG{02|07|12|15|18|20|22|24|57|62|66|69|71|73} GGG",),
    "FR": ("FF-999-FF",),
    "PL": (f"{_PL} 9999L", f"{_PL} 99999"),
    "RO": (f"{_RO} 99 LLL", "{B} 199 LLL"),
    "ES": ("9999 CCC",),
    "NL": ("19-{B}CC-9", "{B}C-CC-19"),
    "LT": ("LLL 999",),
    "DE": (f"{_DE}-LL 199", f"{_DE}-LL 1999", f"{_DE}-L 1999"),
    "BE": ("{1|2}-LLL-999",),
    "IT": ("TT 999 TT",),
    "BG": ("{CB|CA|PB|B|A|BT|TX|EH} 9999 KK",),
    "CZ": ("{1|2|3|4|5|6|7|8}{A|B|C|S|T|U|P|M|L|K}9 9999",),
    "HU": ("LLL-999",),
    "IE": ("{141|151|161|171|181|191|201|211|221|231}-{D|C|G|L}-1999",),
}
_TRAILERS = {
    "GB": ("{A|C}999 9999",),
    "ES": ("{R} 9999 CCC",),
    "NL": ("{O}C-19-CC",),
    "LT": ("LL 999",),
    "BE": ("{1}-{Q}LL-999",),
    "IT": ("{XA} 999 TT",),
    "HU": ("{X}LL-999",),
}
_OWNERS = ("CSQ", "YML", "TCN", "TOL", "GYO", "APZ", "MED", "TEM", "TGH", "CMA")


def vehicle_mark(rng: Random, country: str) -> str:
    """Return a powered vehicle's mark as it is painted, with its spaces and hyphens."""
    return _drawn(rng, rng.choice(_VEHICLES[country]))


def trailer_mark(rng: Random, country: str) -> str:
    """Return a trailer's mark; countries without a series for trailers use the vehicles' one."""
    return _drawn(rng, rng.choice(_TRAILERS.get(country, _VEHICLES[country])))


def container_number(rng: Random) -> str:
    """Return a container number as it is painted, with its ISO 6346 check digit."""
    body = f"{rng.choice(_OWNERS)}U{rng.randrange(1_000_000):06d}"
    return f"{body[:4]} {body[4:]} {iso6346.calc_check_digit(body)}"


def _drawn(rng: Random, template: str) -> str:
    while True:
        mark = _filled(rng, template)
        # The French series leave out SS, and WW is for provisional marks.
        if template != "FF-999-FF" or not {"SS", "WW"} & {mark[:2], mark[-2:]}:
            return mark


def _filled(rng: Random, template: str) -> str:
    out: list[str] = []
    place = 0
    while place < len(template):
        character = template[place]
        if character == "{":
            end = template.index("}", place)
            out.append(rng.choice(template[place + 1 : end].split("|")))
            place = end
        else:
            out.append(rng.choice(_ALPHABETS[character]) if character in _ALPHABETS else character)
        place += 1
    return "".join(out)
