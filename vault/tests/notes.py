"""A model with one sealed field of each kind; outside the app registry, so that no census counts it."""

from django.db import models
from django.test.utils import isolate_apps

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from vault.fields import SealedDateField, SealedJSONField, SealedTextField

with isolate_apps("vault"):

    class Note(Outward):
        table_class = TableClass.CLINICAL
        holder = Holder.PATIENT
        retention = Retention.CLINICAL

        subject = models.UUIDField(null=True)
        title = models.CharField(max_length=20, default="")
        text = SealedTextField(tag="soap.subjective/1", null=True)
        name = SealedTextField(tag="patients.person.first_name/1")
        born = SealedDateField(tag="patients.person.date_of_birth/1", null=True)
        extra = SealedJSONField(tag="audit.event.detail/1", null=True)

        class Meta:
            app_label = "vault"

        def __str__(self):
            return f"note {self.uid}"

        def sealing_subject(self):
            return self.subject
