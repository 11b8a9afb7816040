"""The shape of what somebody chooses about mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from portal.acts.topics import Rhythm, Topic
from portal.errors import N_
from portal.notifications.words import topic_in_words
from portal.web.forms import Form
from portal.web.language import gettext

RHYTHMS = {
    Rhythm.AT_ONCE: N_("At once"),
    Rhythm.DAILY: N_("One e-mail a day, at 17"),
    Rhythm.WEEKLY: N_("One e-mail a week, Fridays at 17"),
    Rhythm.OFF: N_("Never"),
}
NOT_AT_NIGHT = N_("At once means between 7 and 18. What comes later waits for the morning.")


class ChoicesForm(Form):
    """A rhythm for each topic that concerns somebody; the fields are called by the topics."""

    news = SelectField()
    events = SelectField()
    agreements = SelectField()
    strategy = SelectField()
    council = SelectField(description=NOT_AT_NIGHT)
    work = SelectField(description=NOT_AT_NIGHT)

    def __init__(self, topics: Collection[Topic], chosen: Mapping[Topic, Rhythm]) -> None:
        super().__init__(data={topic.value: topic.rhythm(chosen).value for topic in topics})
        self.topics = [topic for topic in Topic if topic in topics]
        for topic in Topic:
            if topic.value in self and topic not in topics:
                del self[topic.value]
        for topic in self.topics:
            field = self[topic.value]
            field.label.text = topic_in_words(topic)
            field.choices = [SelectChoice(rhythm.value, gettext(words)) for rhythm, words in RHYTHMS.items()]

    @property
    def rhythms(self) -> dict[Topic, Rhythm]:
        """What was chosen."""
        return {topic: Rhythm(self[topic.value].data) for topic in self.topics}
