"""What surveys mean to the homes of a class: they hear once what it works on since it has answered."""

from __future__ import annotations

from datetime import datetime

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.policy import Action
from portal.school.queries import get_class
from portal.surveys import queries
from portal.surveys.models import ClassSurvey


def _has_words(part: ClassSurvey, now: datetime) -> bool:
    return part.words != ""


NOTICES = (
    Notice(
        ActKind.SURVEY_WORDS_WRITTEN,
        Topic.NEWS,
        find=queries.get_part,
        recipients=queries.list_homes,
        needs=Action.SURVEY_FOLLOW,
        within=(Action.SURVEY_FOLLOW,),
        page="surveys.list_class_surveys",
        page_argument="class_id",
        shown=lambda part: get_class(part.class_id),
        is_news=_has_words,
    ),
)
