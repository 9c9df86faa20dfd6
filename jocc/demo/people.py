"""The agencies of 2009, their officers, desks and shifts."""

from typing import NamedTuple

from agencies.choices import Role

#: The one password of every demonstration account; it is printed, and refused outside demonstrations.
PASSWORD = "one lorry every twenty seconds"  # noqa: S105  (public on purpose)

ZONE = "Europe/Paris"


class AgencyData(NamedTuple):
    """One agency; the code is never shown without the full name beside it."""

    code: str
    name_en: str
    name_fr: str
    country: str
    is_authority: bool
    language: str


AGENCIES = (
    AgencyData("UKBA", "UK Border Agency", "Agence britannique des frontières", "GB", True, "en"),
    AgencyData("PAF", "French Border Police", "Police aux frontières", "FR", True, "fr"),
    AgencyData("DOUANES", "French Customs", "Douanes françaises", "FR", True, "fr"),
    # A later centre bears the same letters; this is the port operator, and no competent authority.
    AgencyData(
        "CCIC",
        "Calais Chamber of Investment and Commerce",
        "Chambre de Commerce et d’Industrie de Calais",
        "FR",
        False,
        "fr",
    ),
)


class OfficerData(NamedTuple):
    """One officer; the account is `<agency>.<role>` in lower case."""

    agency: str
    role: str
    first_name: str
    last_name: str
    badge: str


OFFICERS = (
    OfficerData("UKBA", Role.OFFICER, "Claire", "Whitfield", "BF-40217"),
    OfficerData("UKBA", Role.ANALYST, "Daniel", "Okafor", "BF-38854"),
    OfficerData("UKBA", Role.SUPERVISOR, "Margaret", "Pryce", "BF-21006"),
    OfficerData("UKBA", Role.ADMINISTRATOR, "Stephen", "Hale", "BF-33190"),
    OfficerData("UKBA", Role.AUDITOR, "Anita", "Deshmukh", "BF-17745"),
    OfficerData("PAF", Role.OFFICER, "Julien", "Lefebvre", "PAF-62-118"),
    OfficerData("PAF", Role.ANALYST, "Nadia", "Benali", "PAF-62-074"),
    OfficerData("PAF", Role.SUPERVISOR, "Hélène", "Carpentier", "PAF-62-009"),
    OfficerData("PAF", Role.ADMINISTRATOR, "Marc", "Vasseur", "PAF-62-051"),
    OfficerData("PAF", Role.AUDITOR, "Élodie", "Hochart", "PAF-62-133"),
    OfficerData("DOUANES", Role.OFFICER, "Thomas", "Delattre", "D-62-3307"),
    OfficerData("DOUANES", Role.ANALYST, "Sophie", "Merlin", "D-62-2981"),
    OfficerData("DOUANES", Role.SUPERVISOR, "Philippe", "Ducrocq", "D-62-1140"),
    OfficerData("DOUANES", Role.ADMINISTRATOR, "Isabelle", "Fournier", "D-62-2216"),
    OfficerData("DOUANES", Role.AUDITOR, "Renaud", "Mahieu", "D-62-4402"),
    OfficerData("CCIC", Role.OFFICER, "Grégory", "Leclercq", "PC-014"),
    OfficerData("CCIC", Role.ANALYST, "Laure", "Wallet", "PC-027"),
    OfficerData("CCIC", Role.SUPERVISOR, "Bruno", "Sagot", "PC-003"),
    OfficerData("CCIC", Role.ADMINISTRATOR, "Corinne", "Poidevin", "PC-008"),
    OfficerData("CCIC", Role.AUDITOR, "Olivier", "Baudelet", "PC-031"),
)

#: The closed circle of the demonstration: its agency, its cover name and who is named in it.
COMPARTMENT = ("UKBA", "LANTERN", ("ukba.analyst", "ukba.supervisor"))


class DeskData(NamedTuple):
    """One desk; the numbers are of the ranges that both states keep for fiction."""

    agency: str
    code: str
    name_en: str
    name_fr: str
    phone: str


DESKS = (
    DeskData("UKBA", "UKBA-CAL", "UKBA control room, Calais", "Salle de contrôle UKBA, Calais", "+44 1632 960 110"),
    DeskData(
        "UKBA", "UKBA-JIC", "Joint Intelligence Cell, UK desk",
        "Cellule conjointe de renseignement, bureau britannique", "+44 1632 960 125",
    ),
    DeskData("PAF", "PAF-CAL", "PAF duty desk, Calais", "Permanence PAF, Calais", "+33 3 53 01 11 10"),
    DeskData(
        "PAF", "PAF-BMR", "PAF mobile search brigade", "Brigade mobile de recherche PAF", "+33 3 53 01 11 25"
    ),
    DeskData("DOUANES", "DOUANES-CAL", "Customs duty desk, Calais", "Permanence des douanes, Calais", "+33 3 53 01 22 10"),
    DeskData(
        "DOUANES", "DOUANES-SCAN", "Customs scanner team", "Équipe scanner des douanes", "+33 3 53 01 22 40"
    ),
    DeskData("CCIC", "CCIC-PC", "Port control", "Poste de commandement du port", "+33 3 53 01 33 10"),
)  # fmt: skip

#: The desk that each agency keeps day and night, and why its officers look at the board meanwhile.
WATCHES = (
    ("UKBA-CAL", "Juxtaposed controls at Calais: freight searches and refusals of entry"),
    ("PAF-CAL", "Contrôle transfrontalier au port de Calais : recherche de personnes dissimulées"),
    ("DOUANES-CAL", "Contrôle douanier du fret au port de Calais"),
    ("CCIC-PC", "Exploitation et sûreté des installations portuaires"),
)
