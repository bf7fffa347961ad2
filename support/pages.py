"""The base of every page of the admin: lists and details are read, and reading is noted; writing is done by acts."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import unquote

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin, TabularInline
from django.contrib.admin.utils import display_for_value
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import may, require
from accounts.actors import actor_for, actor_of
from accounts.pages import staff_page
from accounts.step_up import step_up
from accounts.views.answers import UNREADABLE
from audit.models import Event
from audit.trail import note_list, note_read
from core.clock import now
from core.problems import Conflict, Forbidden, Invalid, NotFound
from support.acts import Act, Asked, Text
from support.site import VIEW

MOST_EVENTS = 200


class Page(ModelAdmin):
    """A model of the public schema, read only. `acts` are what can be done to it."""

    permission: ClassVar[str] = VIEW
    label: ClassVar[Text] = ""
    none_yet: ClassVar[Text] = ""  # of an empty list: what it will hold, and how
    acts: ClassVar[tuple[Act, ...]] = ()
    holds_people: ClassVar[bool] = False  # then the trail also says whom a list showed
    actions = None
    list_per_page = 50
    show_full_result_count = True
    change_form_template = "admin/detail.html"

    @property
    def media(self) -> Media:
        """No script: nothing here needs one."""
        return Media()

    # --- Who may: every right is a line of accounts/roles.py ---

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Our own trail is the log."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The same."""

    # --- Addresses ---

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        guard = self._guarded
        found = [path("", guard(self.changelist_view, self.permission), name=f"{name}_changelist")]
        for act in self.acts:
            route = f"<str:object_id>/{act.name}/" if act.of_one else f"{act.name}/"
            found.append(path(route, guard(self._act_view(act), act.permission), name=f"{name}_{act.name}"))
        found += [
            path("<str:object_id>/", guard(self.detail_view, self.permission), name=f"{name}_change"),
            path(
                "<str:object_id>/history/",
                guard(self.history_view, "platform.audit"),
                name=f"{name}_history",
            ),
        ]
        return found

    def _guarded(self, view: Callable[..., Any], permission: str) -> Callable[..., Any]:
        guarded: Callable[..., Any] = staff_page(permission)(self.admin_site.admin_view(view))
        return guarded

    # --- Looking ---

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {
            "acts": self._links(request, None),
            "title": self.label,
            "label": self.label,
            "none_yet": self.none_yet,
        }
        response: Any = super().changelist_view(request, extra | (extra_context or {}))
        listed = getattr(response, "context_data", {}).get("cl")
        if listed is not None:
            people = [getattr(row, "uid", row.pk) for row in listed.result_list] if self.holds_people else []
            note_list("platform.listed", by=actor_of(request), kind=self.opts.label_lower, shown=people)
        return response  # type: ignore[no-any-return]

    def detail_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.find(request, object_id)
        note_read("platform.opened", by=actor_of(request), on=row, alone=True)
        extra = {
            "acts": self._links(request, row),
            "title": self.title_of(row),
            "label": self.label,
            "history": may(request.user, "platform.audit"),
        }
        return self.changeform_view(request, object_id, "", extra)

    def title_of(self, row: Any) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("since"), ordering="created_at")
    def since(self, row: Any) -> str:
        shown = display_for_value(row.created_at, self.get_empty_value_display())
        return format_html('<time datetime="{}">{}</time>', row.created_at.isoformat(), shown)

    def find(self, request: HttpRequest, object_id: str) -> Any:
        """The row of that address; what is not there and what is no id at all are the same."""
        try:
            row = self.get_object(request, unquote(object_id))
        except (ValidationError, ValueError):
            row = None
        if row is None:
            raise NotFound
        return row

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the platform's trail says of this row."""
        row = self.find(request, object_id)
        require(request.user, "platform.audit")
        note_read("platform.history_opened", by=actor_of(request), on=row, alone=True)
        name = str(getattr(row, "uid", None) or row.pk)
        events = Event.objects.filter(object_type=self.opts.label_lower, object_id=name).order_by("-at")
        context = self._context(request, row) | {"events": list(events[:MOST_EVENTS])}
        return render(request, "admin/history.html", context)

    # --- Doing ---

    def _links(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """The acts that are open to this person, on this row or on the list."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return [
            {
                "title": act.title,
                "danger": act.danger,
                "url": reverse(f"{name}_{act.name}", args=[row.pk] if row is not None else []),
            }
            for act in self.acts
            if act.of_one == (row is not None)
            and may(request.user, act.permission)
            and (row is None or act.offered(row))
        ]

    def _act_view(self, act: Act) -> Callable[..., HttpResponseBase]:
        def view(request: HttpRequest, object_id: str = "") -> HttpResponse:
            row = self.find(request, object_id) if act.of_one else None
            if row is not None and not act.offered(row):
                raise Conflict(_("This has been done already, or cannot be done as things stand."))
            if request.method != "POST":
                return self._act_page(request, act, row, self.form_of(act, row, request, None))
            form = self.form_of(act, row, request, request.POST)
            if not form.is_valid():
                return self._act_page(request, act, row, form, status=UNREADABLE)
            user = require(request.user, act.permission)
            try:
                after = act.run(Asked(row, form.cleaned_data, actor_for(user), now()))
            except Invalid as problem:
                form.take(problem)
            except (Conflict, Forbidden) as problem:
                form.add_error(None, str(problem.detail or problem.title))
            else:
                messages.success(request, str(act.done))
                return HttpResponseRedirect(self._after(after if isinstance(after, Model) else row))
            return self._act_page(request, act, row, form, status=UNREADABLE)

        return step_up(view, unkept=act.secrets) if act.sensitive else view

    def form_of(self, act: Act, row: Any, request: HttpRequest, data: Any) -> Any:
        """The act's form; pages that offer choices fill them in here."""
        return act.form(data)

    def _after(self, row: Any) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if row is None or row._meta.model is not self.model:
            return reverse(f"{name}_changelist")
        return reverse(f"{name}_change", args=[row.pk])

    def _act_page(
        self, request: HttpRequest, act: Act, row: Any, form: Any, *, status: int = 200
    ) -> HttpResponse:
        context = self._context(request, row) | {"act": act, "form": form, "back": self._after(row)}
        return render(request, "admin/act.html", context, status=status)

    def _context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "label": self.label,
            "original": row,
            "row_title": self.title_of(row) if row is not None else "",
        }


def badge(text: Text, tone: str) -> str:
    return format_html('<span class="badge badge--{}">{}</span>', tone, text)


class Inline(TabularInline):
    """Rows that belong to the one shown."""

    extra = 0
    can_delete = False
    show_change_link = False
    template = "admin/inline.html"

    @property
    def media(self) -> Media:
        return Media()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, VIEW)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
