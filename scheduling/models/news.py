"""Until when somebody of the staff has read the news of patients. The news itself is the trail, and no row of ours."""

from django.db import models

from accounts.models import User
from core.tables import Holder, Retention, TableClass


class NewsSeen(models.Model):
    """One row a person; everything up to the moment counts as read."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"news seen by {self.user_id}"
