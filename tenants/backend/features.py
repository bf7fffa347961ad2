"""What the server must be able to do."""

from typing import Final

from django.db.backends.postgresql import features

# From 16 on a membership says whether its rights are inherited and whether its role may be taken (GRANT … WITH INHERIT,
# SET), and a role that makes roles administers only those it made: the walls between clinics stand on both.
OLDEST: Final = 16


class DatabaseFeatures(features.DatabaseFeatures):
    minimum_database_version = (OLDEST,)
