"""The material in words: its links as pairs, and when a version came."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from portal.parent_meetings.material.models import MeetingMaterial
from portal.text import clock, richtext
from portal.web.dates import long_date
from portal.web.language import gettext
from portal.web.urls import url_for


class ShownMaterial(NamedTuple):
    """One version as a page shows it; `links` are (address, name), `file_url` is empty where there is no file."""

    text: Markup
    links: list[tuple[str, str]]
    file_url: str
    file_name: str
    line: str


def shown_material(material: MeetingMaterial) -> ShownMaterial:
    """A version for a page."""
    links = [line.partition(" ") for line in material.links.splitlines()]
    return ShownMaterial(
        text=richtext.render(material.body),
        links=[(address, name or address.removeprefix("https://")) for address, _, name in links],
        file_url=url_for(
            "parent_meetings.material.download_file", school_year=material.school_year, number=material.number
        )
        if material.file_id
        else "",
        file_name=material.file_name,
        line=version_line(material),
    )


def version_line(material: MeetingMaterial) -> str:
    """Which version it is, and since when: "Version 2, 14. august 2026"."""
    day = long_date(clock.day_of(material.published_at))
    return gettext("Version %(number)s, %(day)s", number=material.number, day=day)
