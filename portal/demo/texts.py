"""What the demo school's people have written: news from the class teams and the contacts on "Få hjælp".

Days count backwards from today, so the demo is always fresh.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.school.help_contacts.models import HelpKind


@dataclass(frozen=True, slots=True)
class DemoUpdate:
    """News of one class, by its label. `days_ago` None is a draft."""

    label: str
    days_ago: int | None
    title: str
    body: str


UPDATES = (
    DemoUpdate(
        "3.A",
        1,
        "Vi øver os i at invitere med ind i legen",
        """I denne uge har alle prøvet at sige “vil du være med?” til en, de ikke plejer at lege med. Det var sværere, end vi troede, og mange var stolte bagefter.

### Sådan har klassen det
Der er godt humør. Fodbolden i frikvarteret kan stadig ende i skænderier, og vi har aftalt tre enkle regler, som børnene selv har fundet på.

### Det kan I gøre derhjemme
- Spørg: *Hvem legede du med i dag, som du ikke plejer?*
- Lav en legeaftale med en, I ikke har haft hjemme før.

### Det næste
I næste uge laver vi nye makkerpar.""",
    ),
    DemoUpdate(
        "3.A",
        29,
        "Nye pladser og nye makkere",
        """Efter efterårsferien har alle fået en ny plads og en ny makker. Vi taler om, hvordan man er en god makker: man venter på hinanden, og man spørger, før man hjælper.

Børnene foreslår, at makkerparrene også leger sammen i ét frikvarter om ugen. Det prøver vi.""",
    ),
    DemoUpdate(
        "3.A",
        64,
        "Velkommen til et nyt skoleår",
        """Klassen er kommet godt fra start. Vi har skrevet vores samværsregler sammen, og alle har skrevet under.

Kig på dem derhjemme, og tal om, hvilken der er sværest at holde.""",
    ),
    DemoUpdate(
        "3.A",
        None,
        "Kammeratskab, når vi er uenige",
        """Vi vil fortælle om ugen med konfliktspillet. *Udkast, mangler det sidste afsnit.*""",
    ),
    DemoUpdate(
        "0.A",
        4,
        "Morgensang og nye makkere",
        """Vi synger sammen hver mandag, og klassen har valgt sin egen sang for december. Den handler om at holde i hånd, og det gør vi, når vi synger den.

Derhjemme kan I bede om at få den sunget. De fleste kan den allerede udenad.""",
    ),
    DemoUpdate(
        "0.A",
        33,
        "De første uger i skolen",
        """Alle 20 børn ved nu, hvad de andre hedder. Det er vigtigere, end det lyder: Den, der bliver kaldt ved navn, er med.

Vi øver os i at vente på tur og i at sige til, når noget gør os kede af det.""",
    ),
    DemoUpdate(
        "6.A",
        8,
        "Vores aftaler om mobilen",
        """Klassen har talt om grupper på nettet: Hvem er med, og hvem er ikke? Vi er blevet enige om tre ting.

1. Klassens gruppe er for **hele** klassen.
2. Vi skriver det, vi også ville sige højt.
3. Vi spørger, før vi deler et billede.

Spørg jeres barn, hvilken af de tre der er sværest, og hvorfor.""",
    ),
    DemoUpdate(
        "6.A",
        47,
        "Overnatning på skolen",
        """Tak til alle, der hjalp! Vi var 19 børn og fire voksne, og der blev spillet brætspil til langt ud på aftenen. Flere sad sammen med nogen, de ellers ikke taler så meget med.""",
    ),
)


@dataclass(frozen=True, slots=True)
class DemoContact:
    """A contact on the help page."""

    kind: HelpKind
    title: str
    detail: str
    phone: str = ""
    url: str = ""


CONTACTS = (
    DemoContact(HelpKind.SCHOOL, "Din klasselærer", "Sig det i timen, i frikvarteret, eller skriv en seddel."),
    DemoContact(
        HelpKind.SCHOOL, "Skolens AKT-team", "To voksne, der hjælper, når det er svært at være sammen. Lokale 12."
    ),
    DemoContact(HelpKind.SCHOOL, "Skolens kontor", "Åbent på skoledage fra kl. 8 til 14.", phone="12 34 56 78"),
    DemoContact(
        HelpKind.LINE,
        "BørneTelefonen",
        "For børn og unge. Det er gratis, og du behøver ikke sige, hvad du hedder.",
        phone="116 111",
        url="https://bornetelefonen.dk",
    ),
    DemoContact(
        HelpKind.LINE,
        "ForældreTelefonen",
        "For voksne, der er i tvivl om, hvordan de hjælper et barn.",
        phone="35 55 55 57",
        url="https://bornsvilkar.dk",
    ),
)
