"""The words of the demo school's rules, agreements and templates."""

from __future__ import annotations

from dataclasses import dataclass

from portal.school.text_templates.models import TemplateKind

RULES = (
    """- Vi siger godmorgen til hinanden.
- Man spørger, om man må være med, og svaret er ja.
- Stop betyder stop, også når det er sjov.
- Vi slår ikke, og vi råber ikke.""",
    """- Vi siger godmorgen til alle, hver dag.
- **Vil du være med?** Det spørger vi den, der står alene.
- Stop betyder stop, også når det er for sjov.
- Bliver vi uvenner, taler vi om det, før vi går hjem.
- Alle må fejle, og ingen griner af det.""",
)
SHORT_RULES = """- Vi taler *med* hinanden og ikke *om* hinanden.
- Det, man ikke ville sige højt i klassen, skriver man heller ikke.
- Ingen grupper og ingen fest uden plads til alle.
- Vi deler ikke billeder af andre uden et ja.
- Går noget galt, siger vi det til en voksen, selv om det var os."""
PARENTS = (
    """### Fødselsdage
Vi inviterer hele klassen, alle pigerne eller alle drengene.

### Når noget er svært
Vi ringer til hinanden, før vi skriver.""",
    """### Fødselsdage
Vi inviterer hele klassen. Er der ikke plads derhjemme, slår vi os sammen flere familier. Gaver koster højst 50 kroner.

### Når noget er svært
Vi ringer til hinanden, før vi skriver, og vi taler pænt om de andres børn, også ved vores eget spisebord.

### Skærme
Vi lægger ikke billeder af andres børn op. Når der er legeaftale, ligger skærmene stille, til vi har talt om det.

### Sammen
Alle familier er med til at holde ét arrangement om året. Kan I ikke komme, så find på en anden måde at hjælpe.""",
)


@dataclass(frozen=True, slots=True)
class DemoTemplate:
    """A text to begin from."""

    kind: TemplateKind
    title: str
    body: str


TEMPLATES = (
    DemoTemplate(
        TemplateKind.UPDATE,
        "Nyt om trivslen",
        """### Sådan har klassen det
[Hvordan er stemningen for tiden? Hvad glæder I jer over, og hvad øver I jer på?]

### Det arbejder vi med
[Hvad gør I helt konkret i timer og frikvarterer, og hvad siger børnene selv om det?]

### Det kan I gøre derhjemme
- Spørg for eksempel: *Hvem var du sammen med i dag?*
- [En lille ting, som alle hjem kan nå i løbet af ugen.]

### Det næste
[Hvad sker der, til I skriver igen?]""",
    ),
    DemoTemplate(
        TemplateKind.UPDATE,
        "De første uger",
        """### Sådan har klassen det
[Hvordan er klassen kommet i gang efter ferien? Er der nye børn eller voksne, som hjemmene skal vide besked om?]

### Det arbejder vi med
[Hvordan finder I sammen igen: pladser, makkere, samværsregler?]

### Det kan I gøre derhjemme
- Læs klassens samværsregler sammen. Hvilken er den sværeste at holde?
- Lav en legeaftale med en, I ikke har haft hjemme før.

### Det næste
[Hvornår er der forældremøde, og hvad skal I tale om der?]""",
    ),
    DemoTemplate(
        TemplateKind.UPDATE,
        "Når noget er svært",
        """### Sådan har klassen det
[Fortæl roligt, hvad der fylder i klassen, uden at nævne noget barn. Husk også at fortælle, hvad der går godt.]

### Det arbejder vi med
[Hvad gør I allerede, hvem hjælper jer, og hvad har børnene selv foreslået?]

### Det kan I gøre derhjemme
- Lyt først, og spørg: *Hvad gjorde du, da det skete?*
- Tal pænt om de andre børn, også når jeres eget barn er ked af det.
- Ring til os, hvis I er i tvivl om noget.

### Det næste
[Hvornår hører hjemmene fra jer igen?]""",
    ),
    DemoTemplate(
        TemplateKind.RULES,
        "Fem regler med børnenes ord",
        """- Sådan siger vi goddag: …
- Sådan kommer man med i en leg: …
- Sådan siger vi stop: …
- Sådan bliver vi gode venner igen: …
- Sådan hjælper vi den, der er alene eller ked af det: …""",
    ),
    DemoTemplate(
        TemplateKind.PARENTS,
        "Til det første forældremøde",
        """### Fødselsdage
[Hvem inviterer vi, og hvad må en gave koste?]

### Når noget er svært
[Hvem ringer vi til først? Hvordan taler vi om de andres børn derhjemme?]

### Skærme
[Hvad aftaler vi om billeder, spil og beskeder mellem børnene?]

### Sammen
[Hvor tit mødes hele klassen, og hvordan er alle med til at holde det i gang?]""",
    ),
)
