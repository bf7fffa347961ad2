"""Every write to what a clinic says of itself, one file per family of nouns."""

from practice.actions.branding import remove_logo, set_logo
from practice.actions.catalogue import (
    archive_service,
    copy_service,
    create_category,
    create_service,
    delete_category,
    move_service,
    restore_service,
    set_service_providers,
    update_category,
    update_service,
)
from practice.actions.hours import (
    change_working_hours,
    close_location,
    reopen_location,
    set_opening_hours,
    set_working_hours,
)
from practice.actions.licenses import add_license, assign_supervisor, end_license, end_supervision
from practice.actions.opening import apply_preset, open_clinic
from practice.actions.places import archive_location, create_location, restore_location, update_location
from practice.actions.postings import give_services, place_invitation, save_provider, set_postings, settle
from practice.actions.profile import hide_set_up, publish_text, update_profile
from practice.actions.resources import (
    archive_provider,
    archive_room_or_device,
    create_device,
    create_provider,
    create_room,
    new_resource,
    post_staff,
    restore_room_or_device,
    update_provider,
    update_room_or_device,
)

__all__ = [
    "add_license",
    "apply_preset",
    "archive_location",
    "archive_provider",
    "archive_room_or_device",
    "archive_service",
    "assign_supervisor",
    "change_working_hours",
    "close_location",
    "copy_service",
    "create_category",
    "create_device",
    "create_location",
    "create_provider",
    "create_room",
    "create_service",
    "delete_category",
    "end_license",
    "end_supervision",
    "give_services",
    "hide_set_up",
    "move_service",
    "new_resource",
    "open_clinic",
    "place_invitation",
    "post_staff",
    "publish_text",
    "remove_logo",
    "reopen_location",
    "restore_location",
    "restore_room_or_device",
    "restore_service",
    "save_provider",
    "set_logo",
    "set_opening_hours",
    "set_postings",
    "set_service_providers",
    "set_working_hours",
    "settle",
    "update_category",
    "update_location",
    "update_profile",
    "update_provider",
    "update_room_or_device",
    "update_service",
]
