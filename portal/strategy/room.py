"""What the strategy gives to the application: its text, the amendments, the talk, the year's review."""

from portal.room import Room, with_rooms
from portal.strategy import views
from portal.strategy.amendments import views as amendments
from portal.strategy.amendments.waiting import WAITING as IN_COUNCILS
from portal.strategy.commands import strategy_import_command
from portal.strategy.comments import views as comments
from portal.strategy.cycle import views as cycle
from portal.strategy.decisions import views as decisions
from portal.strategy.forwarding import views as forwarding
from portal.strategy.forwarding.waiting import WAITING as WITH_GROWN_UPS
from portal.strategy.hearing import views as hearing
from portal.strategy.publishing import views as publishing
from portal.strategy.publishing.notices import NOTICES as EDITIONS
from portal.strategy.publishing.proofs import PROOFS
from portal.strategy.replies import views as replies
from portal.strategy.replies.notices import NOTICES as REPLIES
from portal.strategy.replies.waiting import WAITING as TO_READ
from portal.strategy.search import views as search

ROOM = Room(
    "strategy",
    pages=(
        with_rooms(
            views.bp,
            amendments.bp,
            cycle.bp,
            comments.bp,
            forwarding.bp,
            hearing.bp,
            decisions.bp,
            publishing.bp,
            search.bp,
            replies.bp,
        ),
    ),
    notices=(*EDITIONS, *REPLIES),
    proofs=PROOFS,
    commands=(strategy_import_command,),
    waiting=(*WITH_GROWN_UPS, *TO_READ, *IN_COUNCILS),
)
