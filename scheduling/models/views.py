"""A view of the calendar that somebody saved: which columns, of whom, which visits. No patient is in it."""

from django.db import models

from accounts.models import User
from core.models import Outward
from core.tables import Holder, Retention, TableClass


class SavedView(Outward):
    """One person's own; the address is the calendar's query and nothing else."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    is_week = models.BooleanField(default=False)
    query = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="scheduling_view_name")]

    def __str__(self) -> str:
        return self.name
