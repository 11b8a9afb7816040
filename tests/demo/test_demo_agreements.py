"""What the demo school has agreed on: something to read, to compare, to renew, and to begin from."""

from __future__ import annotations

from flask import Flask

from portal.accounts.models import User
from portal.agreements.models import AgreementKind
from portal.agreements.queries import list_standings_everywhere
from portal.database import db
from portal.demo.roster import PERSONAS
from portal.demo.school import fill
from portal.school.contacts.models import ContactChoice
from portal.school.contacts.queries import list_contacts
from portal.school.text_templates.models import TemplateKind
from portal.school.text_templates.queries import list_templates
from portal.text import clock


def test_the_demo_school_has_agreed_on_something_and_has_something_left_to_do(app: Flask) -> None:
    fill(60)
    db.session.flush()
    today = clock.today()
    classes = {ref.label: (ref, texts) for ref, texts in list_standings_everywhere(today=today)}
    third, texts = classes["3.A"]
    assert texts[AgreementKind.RULES].is_renewed
    assert not texts[AgreementKind.PARENTS].is_renewed, "the team is asked to take them up"
    assert classes["0.A"][1] == {}, "a team with an empty page"
    for kind, headings in ((TemplateKind.UPDATE, 3), (TemplateKind.RULES, 1), (TemplateKind.PARENTS, 1)):
        assert len(list_templates(kind)) == headings
    for template in list_templates(TemplateKind.UPDATE):
        for heading in ("Sådan har klassen det", "Det arbejder vi med", "Det kan I gøre derhjemme", "Det næste"):
            assert f"### {heading}\n" in template.body
    contacts = list_contacts(third.id, today=today)
    assert any(guardian.phone for child in contacts for guardian in child.guardians)
    assert [child.guardians for child in contacts if child.name == "Mille"] == [()], "who lives under protection"
    personas = {user.id for user in db.session.query(User).filter(User.external_id.in_(PERSONAS.values()))}
    assert personas.isdisjoint(choice.user_id for choice in db.session.query(ContactChoice))
