"""Every write to time and visits, one file per family of verbs. Each opens its own transaction."""

from scheduling.actions.book import Booked, book
from scheduling.actions.cancel import cancel, cancel_by_link, cancel_own
from scheduling.actions.desk import book_for
from scheduling.actions.hold import place_hold, release_hold
from scheduling.actions.hush import hush
from scheduling.actions.move import move, move_by_link, move_own
from scheduling.actions.news import mark_news_seen
from scheduling.actions.status import check_in, complete, confirm, no_show, start
from scheduling.actions.time_off import block, change_time_off, end_time_off, take_time_off, undo_time_off
from scheduling.actions.undo import undo_last
from scheduling.actions.views import forget_view, save_view
from scheduling.links import new_link

__all__ = [
    "Booked",
    "block",
    "book",
    "book_for",
    "cancel",
    "cancel_by_link",
    "cancel_own",
    "change_time_off",
    "check_in",
    "complete",
    "confirm",
    "end_time_off",
    "forget_view",
    "hush",
    "mark_news_seen",
    "move",
    "move_by_link",
    "move_own",
    "new_link",
    "no_show",
    "place_hold",
    "release_hold",
    "save_view",
    "start",
    "take_time_off",
    "undo_last",
    "undo_time_off",
]
