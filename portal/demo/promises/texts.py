"""What the demo school's people write about the strategy's smaller promises."""

from __future__ import annotations

MATERIAL = """### Sådan holder vi sammen

- Hvad gør vi, når et barn ikke bliver inviteret?
- Hvordan taler vi om de andre børn derhjemme?
- Hvem skriver man til, når noget går skævt?

### Tal to og to i fem minutter

Fortæl om en gang, hvor en anden familie gjorde en forskel for dit barn.

### Det aftaler vi

- Vi ringer, før vi skriver, når noget er svært.
- Alle børn får en legeaftale før jul.
"""
LINKS = "https://bornsvilkar.dk/mobning/ Børns Vilkår om mobning"
ITEMS = "- Velkommen og kaffe\n- Sådan går det i klassen\n- Turen i maj\n- Valg til forældrerådet"
