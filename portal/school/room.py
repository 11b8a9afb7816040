"""What the school gives to the application: its classes, and the things in their own folders."""

from datetime import timedelta

from portal.acts.keeping import Keep
from portal.room import Room, with_rooms
from portal.school import views
from portal.school.access import views as access
from portal.school.access.chores import CHORES
from portal.school.contacts import views as contacts
from portal.school.days_off import views as days_off
from portal.school.help_contacts import views as help_contacts
from portal.school.helpers import views as helpers
from portal.school.homes import views as homes
from portal.school.notices import NOTICES
from portal.school.roster import views as roster
from portal.school.roster.commands import school_import_command
from portal.school.roster.models import RosterUpload
from portal.school.text_templates import views as text_templates
from portal.school.waiting import WAITING
from portal.school.year_groups import views as year_groups

ROOM = Room(
    "school",
    pages=(
        with_rooms(
            views.bp,
            roster.bp,
            days_off.bp,
            contacts.bp,
            help_contacts.bp,
            helpers.bp,
            homes.bp,
            access.bp,
            text_templates.bp,
            year_groups.bp,
        ),
    ),
    notices=NOTICES,
    chores=CHORES,
    commands=(school_import_command,),
    waiting=WAITING,
    keeping=(Keep(RosterUpload, RosterUpload.uploaded_at, timedelta(days=7)),),
)
