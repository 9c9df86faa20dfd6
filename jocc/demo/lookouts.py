"""The demonstration watch-list: invented marks in the shape of each country's, of every mode and agency."""

from typing import Any, NamedTuple

from intelligence.choices import ActionCode, DisclosureMode, LookoutKind, Priority

SILENT, REFER, STOP = DisclosureMode.SILENT, DisclosureMode.REFER, DisclosureMode.STOP
HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
BORDER, AUTHORITIES = ("UKBA", "PAF"), ("UKBA", "PAF", "DOUANES")


class LookoutData(NamedTuple):
    """One lookout. `owner` is an agency or a compartment; `told` gets the notice, `shared` may read it all."""

    owner: str
    mark: str
    country: str
    mode: DisclosureMode
    action: ActionCode
    priority: Priority
    reason: str
    told: tuple[str, ...] = ()
    desk: str = ""
    instruction: str = ""
    shared: tuple[str, ...] = ()
    sensitive: bool = False
    kind: LookoutKind = LookoutKind.PLATE


def _container(
    owner: str, mark: str, mode: DisclosureMode, action: ActionCode, reason: str, **more: Any
) -> LookoutData:
    return LookoutData(owner, mark, "", mode, action, MEDIUM, reason, kind=LookoutKind.CONTAINER, **more)


_UKBA = (
    LookoutData(
        "UKBA", "B 417 KLT", "RO", STOP, ActionCode.SEARCH, HIGH,
        "Two finds of concealed persons in this unit within a month; false wall suspected behind the headboard.",
        told=BORDER, instruction="Full search, measure the inside against the outside. Take the load list.",
        shared=("PAF",),
    ),
    LookoutData(
        "UKBA", "WGM 4821A", "PL", STOP, ActionCode.STOP, HIGH,
        "Driver named by two persons found on board on earlier crossings.",
        told=AUTHORITIES, instruction="Hold the vehicle and call the control room. Do not send it on.",
    ),
    LookoutData(
        "UKBA", "CB 7714 HA", "BG", REFER, ActionCode.REFER, MEDIUM,
        "Operator under civil penalty; documents to be compared with the file.", told=BORDER, desk="UKBA-CAL",
    ),
    LookoutData(
        "UKBA", "34 BKR 629", "TR", SILENT, ActionCode.OBSERVE, LOW, "Pattern of short turn-rounds under watch.",
    ),
    LookoutData(
        "UKBA", "AY09 KVD", "GB", SILENT, ActionCode.OBSERVE, MEDIUM,
        "Support vehicle of a facilitation network; movements only.", sensitive=True,
    ),
    LookoutData(
        "UKBA", "GL 88 TRK", "RO", REFER, ActionCode.SCAN, MEDIUM,
        "Declared weight does not fit the declared load.", told=AUTHORITIES, desk="UKBA-CAL", shared=("DOUANES",),
    ),
    LookoutData(
        "UKBA", "06-D-41872", "IE", STOP, ActionCode.SAFEGUARD, HIGH,
        "A minor may be carried for exploitation; welfare of persons on board first.",
        told=AUTHORITIES, instruction="Open at once with medical help at hand. Persons before goods.",
        shared=("PAF",),
    ),
    LookoutData(
        "UKBA", "GBC 291", "LT", REFER, ActionCode.REFER, LOW, "Seal numbers differed twice.",
        told=("UKBA",), desk="UKBA-JIC",
    ),
    _container("UKBA", "MSKU 417730 3", REFER, ActionCode.SCAN, "Rip-on risk named by the exporting port.",
               told=AUTHORITIES, desk="UKBA-CAL"),
    _container("UKBA", "TGHU 390517 6", SILENT, ActionCode.OBSERVE, "Part of a controlled delivery plan.",
               sensitive=True),
    LookoutData(
        "UKBA", "1A7 3384", "CZ", STOP, ActionCode.SEARCH, MEDIUM,
        "Curtain repaired in the same place three times.", told=("UKBA",),
        instruction="Check the curtain and the roof.",
    ),
    LookoutData(
        "UKBA", "KX58 RNZ", "GB", REFER, ActionCode.REFER, MEDIUM, "Hired in a false name.",
        told=("UKBA",), desk="UKBA-JIC",
    ),
    LookoutData(
        "UKBA", "HK 2231 BM", "BG", SILENT, ActionCode.OBSERVE, LOW, "Company under enquiry for undeclared labour.",
    ),
)  # fmt: skip
_LANTERN = (
    LookoutData(
        "LANTERN", "BX 714 CV", "FR", SILENT, ActionCode.OBSERVE, HIGH,
        "Named officers only: lead vehicle of the network under joint enquiry.", sensitive=True,
    ),
    LookoutData(
        "LANTERN", "HH KT 3307", "DE", SILENT, ActionCode.OBSERVE, HIGH,
        "Named officers only: second vehicle of the same network.", sensitive=True,
    ),
)  # fmt: skip
_PAF = (
    LookoutData(
        "PAF", "CJ 07 XBN", "RO", STOP, ActionCode.STOP, HIGH,
        "Refus d’obtempérer près de Grande-Synthe ; chauffeur à identifier.",
        told=BORDER, instruction="Immobiliser, garder le chauffeur à vue et prévenir la permanence.",
        shared=("UKBA",),
    ),
    LookoutData(
        "PAF", "AB-482-QF", "FR", REFER, ActionCode.REFER, MEDIUM,
        "Véhicule signalé sur une aire de repos fréquentée par des passeurs.", told=BORDER, desk="PAF-CAL",
    ),
    LookoutData("PAF", "7318 DKW", "ES", SILENT, ActionCode.OBSERVE, LOW, "Vérification d’itinéraire en cours."),
    LookoutData(
        "PAF", "AA 5527 KB", "UA", STOP, ActionCode.SEARCH, MEDIUM,
        "Deux découvertes de personnes sur ce transporteur.", told=BORDER,
        instruction="Fouille complète avec équipe cynophile.",
    ),
    LookoutData(
        "PAF", "JRT-614", "HU", REFER, ActionCode.REFER, MEDIUM, "Faux document présenté en mai.",
        told=("PAF",), desk="PAF-BMR",
    ),
    LookoutData(
        "PAF", "BG 512 RS", "RS", STOP, ActionCode.SAFEGUARD, HIGH,
        "Risque pour la vie : transport frigorifique avec personnes à bord selon un appel.",
        told=AUTHORITIES, instruction="Ouvrir immédiatement, secours prévenus.", shared=("UKBA", "DOUANES"),
    ),
    LookoutData(
        "PAF", "ST 118 KA", "IT", SILENT, ActionCode.OBSERVE, MEDIUM, "Surveillance d’un réseau d’aide au séjour.",
        sensitive=True,
    ),
    LookoutData(
        "PAF", "DW 2L719", "PL", REFER, ActionCode.SEARCH, LOW, "Plaque peut-être usurpée.",
        told=BORDER, desk="PAF-CAL",
    ),
    LookoutData("PAF", "PB 4471 XA", "BG", STOP, ActionCode.SEARCH, MEDIUM, "Double fond signalé par un témoin.",
                told=("PAF",), instruction="Contrôler le plancher de la remorque."),
    LookoutData(
        "PAF", "LHR 906", "LT", SILENT, ActionCode.OBSERVE, LOW, "Passages à horaires inhabituels.",
        shared=("UKBA",),
    ),
    LookoutData(
        "PAF", "1-KDF-338", "BE", STOP, ActionCode.STOP, HIGH, "Véhicule volé à Ostende.",
        told=("UKBA", "PAF", "DOUANES", "CCIC"), instruction="Ne pas laisser embarquer. Prévenir la permanence.",
    ),
)  # fmt: skip
_DOUANES = (
    LookoutData(
        "DOUANES", "GD 5K210", "PL", STOP, ActionCode.SCAN, HIGH,
        "Soupçon de tabac de contrebande dans un chargement de palettes.",
        told=AUTHORITIES, instruction="Passage au scanner avant toute ouverture.", shared=("UKBA",),
    ),
    LookoutData(
        "DOUANES", "27-BKX-4", "NL", REFER, ActionCode.SCAN, MEDIUM, "Analyse de risque : produits stupéfiants.",
        told=("UKBA", "DOUANES"), desk="DOUANES-SCAN",
    ),
    LookoutData("DOUANES", "2854 GHT", "ES", SILENT, ActionCode.OBSERVE, MEDIUM, "Livraison surveillée envisagée.",
                sensitive=True),
    LookoutData(
        "DOUANES", "KN 4417 PA", "HR", STOP, ActionCode.SEARCH, MEDIUM, "Alcool sans acquit.",
        told=("DOUANES",), instruction="Vérifier les titres de mouvement.",
    ),
    LookoutData(
        "DOUANES", "ZG 882 FD", "HR", REFER, ActionCode.REFER, LOW, "Discordance entre facture et transport.",
        told=("DOUANES",), desk="DOUANES-CAL",
    ),
    _container("DOUANES", "CMAU 203481 1", STOP, ActionCode.SCAN, "Contrefaçons : expéditeur déjà condamné.",
               told=AUTHORITIES, instruction="Scanner puis visite physique."),
    _container("DOUANES", "TCLU 562918 6", REFER, ActionCode.SCAN, "Plombs différents de la déclaration.",
               told=("UKBA", "DOUANES"), desk="DOUANES-SCAN", shared=("UKBA",)),
    _container("DOUANES", "HLXU 884126 9", SILENT, ActionCode.OBSERVE, "Provenance sous surveillance."),
    LookoutData(
        "DOUANES", "EX 221 ZK", "IT", STOP, ActionCode.SEARCH, HIGH, "Devises non déclarées selon un partenaire.",
        told=AUTHORITIES, instruction="Contrôle de la cabine par deux agents.",
    ),
    LookoutData("DOUANES", "34 TRK 918", "TR", REFER, ActionCode.SCAN, MEDIUM, "Carnet TIR à vérifier.",
                told=AUTHORITIES, desk="DOUANES-CAL"),
    LookoutData("DOUANES", "MB HZ 712", "SI", SILENT, ActionCode.OBSERVE, LOW, "Recoupement avec une enquête."),
    _container("DOUANES", "OOLU 718243 4", STOP, ActionCode.SCAN, "Déchets dangereux soupçonnés.",
               told=("UKBA", "PAF", "DOUANES", "CCIC"), instruction="Tenir à distance jusqu’au passage du scanner."),
)  # fmt: skip

LOOKOUTS = (*_UKBA, *_LANTERN, *_PAF, *_DOUANES)
