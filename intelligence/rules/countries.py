"""Countries as marks and devices write them, brought to ISO 3166 alpha-2.

Sources: ISO 3166-1 (codes); the distinguishing signs of vehicles in international traffic under the Vienna
Convention on Road Traffic 1968, as listed by UNECE (signs); the country index of Hikvision's network SDK,
known from integrators and without a published table, so only its stable first part is kept. XK and RKS
(Kosovo) are user-assigned codes that devices do send.
"""

_ISO = (
    "AD:AND AE:ARE AF:AFG AG:ATG AI:AIA AL:ALB AM:ARM AO:AGO AQ:ATA AR:ARG AS:ASM AT:AUT AU:AUS AW:ABW "
    "AX:ALA AZ:AZE BA:BIH BB:BRB BD:BGD BE:BEL BF:BFA BG:BGR BH:BHR BI:BDI BJ:BEN BL:BLM BM:BMU BN:BRN "
    "BO:BOL BQ:BES BR:BRA BS:BHS BT:BTN BV:BVT BW:BWA BY:BLR BZ:BLZ CA:CAN CC:CCK CD:COD CF:CAF CG:COG "
    "CH:CHE CI:CIV CK:COK CL:CHL CM:CMR CN:CHN CO:COL CR:CRI CU:CUB CV:CPV CW:CUW CX:CXR CY:CYP CZ:CZE "
    "DE:DEU DJ:DJI DK:DNK DM:DMA DO:DOM DZ:DZA EC:ECU EE:EST EG:EGY EH:ESH ER:ERI ES:ESP ET:ETH FI:FIN "
    "FJ:FJI FK:FLK FM:FSM FO:FRO FR:FRA GA:GAB GB:GBR GD:GRD GE:GEO GF:GUF GG:GGY GH:GHA GI:GIB GL:GRL "
    "GM:GMB GN:GIN GP:GLP GQ:GNQ GR:GRC GS:SGS GT:GTM GU:GUM GW:GNB GY:GUY HK:HKG HM:HMD HN:HND HR:HRV "
    "HT:HTI HU:HUN ID:IDN IE:IRL IL:ISR IM:IMN IN:IND IO:IOT IQ:IRQ IR:IRN IS:ISL IT:ITA JE:JEY JM:JAM "
    "JO:JOR JP:JPN KE:KEN KG:KGZ KH:KHM KI:KIR KM:COM KN:KNA KP:PRK KR:KOR KW:KWT KY:CYM KZ:KAZ LA:LAO "
    "LB:LBN LC:LCA LI:LIE LK:LKA LR:LBR LS:LSO LT:LTU LU:LUX LV:LVA LY:LBY MA:MAR MC:MCO MD:MDA ME:MNE "
    "MF:MAF MG:MDG MH:MHL MK:MKD ML:MLI MM:MMR MN:MNG MO:MAC MP:MNP MQ:MTQ MR:MRT MS:MSR MT:MLT MU:MUS "
    "MV:MDV MW:MWI MX:MEX MY:MYS MZ:MOZ NA:NAM NC:NCL NE:NER NF:NFK NG:NGA NI:NIC NL:NLD NO:NOR NP:NPL "
    "NR:NRU NU:NIU NZ:NZL OM:OMN PA:PAN PE:PER PF:PYF PG:PNG PH:PHL PK:PAK PL:POL PM:SPM PN:PCN PR:PRI "
    "PS:PSE PT:PRT PW:PLW PY:PRY QA:QAT RE:REU RO:ROU RS:SRB RU:RUS RW:RWA SA:SAU SB:SLB SC:SYC SD:SDN "
    "SE:SWE SG:SGP SH:SHN SI:SVN SJ:SJM SK:SVK SL:SLE SM:SMR SN:SEN SO:SOM SR:SUR SS:SSD ST:STP SV:SLV "
    "SX:SXM SY:SYR SZ:SWZ TC:TCA TD:TCD TF:ATF TG:TGO TH:THA TJ:TJK TK:TKL TL:TLS TM:TKM TN:TUN TO:TON "
    "TR:TUR TT:TTO TV:TUV TW:TWN TZ:TZA UA:UKR UG:UGA UM:UMI US:USA UY:URY UZ:UZB VA:VAT VC:VCT VE:VEN "
    "VG:VGB VI:VIR VN:VNM VU:VUT WF:WLF WS:WSM XK:XKX YE:YEM YT:MYT ZA:ZAF ZM:ZMB ZW:ZWE"
)

ALPHA3_OF: dict[str, str] = dict(pair.split(":") for pair in _ISO.split())
"""ISO alpha-2 to alpha-3, with Kosovo as XK and XKX."""

ALPHA2: frozenset[str] = frozenset(ALPHA3_OF)
_ALPHA2_OF_ALPHA3 = {alpha3: alpha2 for alpha2, alpha3 in ALPHA3_OF.items()}

_SIGNS = (
    "A:AT AL:AL AND:AD ARM:AM AM:AM AZ:AZ B:BE BG:BG BIH:BA BY:BY CH:CH CY:CY CZ:CZ D:DE DK:DK DZ:DZ "
    "E:ES EST:EE F:FR FIN:FI FL:LI FO:FO GB:GB GBA:GG GBG:GG GBJ:JE GBM:IM GBZ:GI GE:GE GR:GR H:HU HR:HR "
    "I:IT IL:IL IRL:IE IS:IS KS:KG KG:KG KZ:KZ L:LU LT:LT LV:LV M:MT MA:MA MC:MC MD:MD MK:MK MNE:ME N:NO "
    "NL:NL NMK:MK P:PT PL:PL RKS:XK RO:RO RSM:SM RUS:RU S:SE SCV:VA V:VA SK:SK SLO:SI SRB:RS TJ:TJ TM:TM "
    "TN:TN TR:TR UA:UA UK:GB UZ:UZ"
)

SIGNS: dict[str, str] = dict(pair.split(":") for pair in _SIGNS.split())
"""Distinguishing signs seen at the Channel, to alpha-2."""

# ISO 3166 reserves these for the countries that use them in other lists (EU VAT, older standards).
_OTHER_WORDS = {"UK": "GB", "EL": "GR", "RKS": "XK"}

_HIKVISION_ORDER = (
    "CZ FR DE ES IT NL PL SK BY MD RU UA BE BG DK FI GB GR HR HU IL LU MK NO PT RO RS AZ GE KZ LT TM UZ LV "
    "EE AL AT BA IE IS VA MT SE CH CY TR SI ME XK AD AM MC LI SM"
)
_HIKVISION = _HIKVISION_ORDER.split()


def country_alpha2(code: str) -> str:
    """Return the alpha-2 code of an alpha-2, an alpha-3 or a distinguishing sign; "" when not known.

    Alpha-2 wins over a sign, alpha-3 over a sign: devices write ISO codes far more often than signs.
    """
    word = code.strip().upper()
    if word in ALPHA2:
        return word
    return _OTHER_WORDS.get(word) or _ALPHA2_OF_ALPHA3.get(word) or SIGNS.get(word, "")


def country_from_sign(sign: str) -> str:
    """Return the alpha-2 code of the distinguishing sign on a plate or a lorry; "" when not known."""
    return SIGNS.get(sign.strip().upper(), "")


def country_from_region(region: str) -> str:
    """Return the alpha-2 code of a reader's region ("fr", "eu-pl", "us-ca"); "" when not known."""
    first, _, rest = region.strip().upper().partition("-")
    return country_alpha2(rest if first == "EU" else first)


def country_from_hikvision(index: int) -> str:
    """Return the alpha-2 code of Hikvision's country index; "" for 0 (not known) and beyond the table."""
    return _HIKVISION[index - 1] if 1 <= index <= len(_HIKVISION) else ""
