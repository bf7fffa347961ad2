"""What is done at the shelf: receive, move, count, throw away, send back; and taking it back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from audit.actors import Actor
from core.clock import now
from core.forms import ProblemForm
from core.http import see_other
from core.problems import Conflict, Invalid
from practice import access, actions, queries
from practice.actions import stock
from practice.forms.stock import CountForm, ProductForm, ReceiveForm, ReturnForm, TransferForm, WasteForm
from practice.models import Lot, Product, StockMovement
from practice.profile import profile
from practice.stock_words import amount, level_line

BOTH = ["GET", "POST"]
MANAGE: Final = "stock.manage"
Text = str | Promise


@require_http_methods(BOTH)
@staff_page(MANAGE)
def receive(request: HttpRequest) -> HttpResponse:
    """A delivery. What was typed stays when something is refused."""
    data = request.POST if request.method == "POST" else None
    initial = {"product": request.GET.get("product", ""), "vials": 1}
    form = ReceiveForm(data, products=Product.objects.in_use(), places=queries.locations(), initial=initial)
    if form.is_bound and form.is_valid():
        given = form.given()
        try:
            made = stock.receive(given.pop("product"), **given, by=actor_of(request), at=now())
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            form.add_error(None, str(problem.detail or problem.title))
        else:
            told = _("Received: %(amount)s of lot %(lot)s.")
            return _done(request, told % _words(made), made)
    context = {"form": form, "has_products": bool(form.products), "has_places": bool(form.places)}
    return render(request, "stock/receive.html", context, status=422 if form.is_bound else 200)


@dataclass(frozen=True)
class Act:
    """One thing to do with a lot: its form, its words, and what it calls."""

    form: Callable[..., Any]
    title: Text
    button: Text
    icon: str
    done: Text
    do: Callable[[Lot, Any, Actor], StockMovement]


def _transfer(lot: Lot, form: TransferForm, by: Actor) -> StockMovement:
    how = _how(form)
    origin = how.pop("location")
    return stock.transfer(lot, origin=origin, target=form.place("target"), by=by, at=now(), **how)[0]


def _waste(lot: Lot, form: WasteForm, by: Actor) -> StockMovement:
    return stock.waste(lot, reason=form.cleaned_data["reason"], by=by, at=now(), **_how(form))


def _count(lot: Lot, form: CountForm, by: Actor) -> StockMovement:
    how = _how(form)
    return stock.count(lot, found=how.pop("quantity"), by=by, at=now(), **how)


def _return(lot: Lot, form: ReturnForm, by: Actor) -> StockMovement:
    return stock.return_to_maker(lot, by=by, at=now(), **_how(form))


def _how(form: Any) -> dict[str, Any]:
    given = form.cleaned_data
    return {"location": form.place(), "quantity": given["quantity"], "note": given["note"]}


ACTS: Final = {
    "transfer": Act(
        TransferForm,
        _("Move to another location"),
        _("Move"),
        "arrow-right",
        _("Moved: %(amount)s of lot %(lot)s."),
        _transfer,
    ),
    "count": Act(
        CountForm,
        _("Count"),
        _("Save the count"),
        "list-checks",
        _("Counted: lot %(lot)s, %(left)s."),
        _count,
    ),
    "waste": Act(
        WasteForm,
        _("Throw away"),
        _("Throw away"),
        "trash-2",
        _("Wasted: %(amount)s of lot %(lot)s."),
        _waste,
    ),
    "return": Act(
        ReturnForm,
        _("Send back to the maker"),
        _("Send back"),
        "undo-2",
        _("Returned: %(amount)s of lot %(lot)s."),
        _return,
    ),
}


@require_http_methods(BOTH)
@staff_page(MANAGE)
def act(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """One form with one lot: 422 with what was typed, 409 where there is not enough of it."""
    lot, doing, at = access.get_lot(request.user, uid, to=MANAGE), ACTS[what], now()
    levels = list(lot.levels.filter(left__gt=0).select_related("location", "lot__product"))
    data = request.POST if request.method == "POST" else None
    initial = {"location": request.GET.get("location") or (str(levels[0].location.uid) if levels else "")}
    form: ProblemForm = doing.form(data, places=queries.locations(), initial=initial)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                made = doing.do(lot, form, actor_of(request))
            except Invalid as problem:
                form.take(problem)
            except Conflict as problem:
                status = 409
                told = str(problem.detail or problem.title)
                form.add_error("quantity" if isinstance(problem, stock.NotEnough) else None, told)
            else:
                return _done(request, doing.done % _words(made), made)
    context = {
        "lot": lot,
        "product": lot.product,
        "form": form,
        "doing": doing,
        "levels": [level_line(level, at) for level in levels],
        "one_place_only": what == "transfer" and len(queries.locations()) < 2,
    }
    return render(request, "stock/act.html", context | {"tab": "list"}, status=status)


@require_POST
@staff_page(MANAGE)
def undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    movement = access.get_movement(request.user, uid, to=MANAGE)
    try:
        stock.undo(movement, by=actor_of(request), at=now())
    except Conflict as problem:
        messages.error(request, str(problem.detail or problem.title))
    else:
        messages.success(request, _("Taken back."))
    return see_other(request, reverse("stock:lot", args=[movement.lot.uid]))


@require_http_methods(BOTH)
@staff_page(MANAGE)
def new_product(request: HttpRequest) -> HttpResponse:
    return _product_form(request, None)


@require_http_methods(BOTH)
@staff_page(MANAGE)
def product(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _product_form(request, access.get_product(request.user, uid, to=MANAGE))


@require_POST
@staff_page(MANAGE)
def archive_product(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_product(request.user, uid, to=MANAGE)
    actions.archive_product(found, by=actor_of(request), at=now())
    messages.success(request, _("Archived."), extra_tags=reverse("stock:restore_product", args=[uid]))
    return see_other(request, reverse("stock:products"))


@require_POST
@staff_page(MANAGE)
def restore_product(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.restore_product(access.get_product(request.user, uid, to=MANAGE), by=actor_of(request))
    messages.success(request, _("It is back."))
    return see_other(request, reverse("stock:products"))


def _product_form(request: HttpRequest, found: Product | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ProductForm(data, product=found, currency=profile().currency)
    if form.is_bound and form.is_valid():
        by, fields = actor_of(request), form.given()
        try:
            if found is None:
                made = actions.create_product(by=by, **fields)
            else:
                made = actions.update_product(found, by=by, **fields)
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved.") if found else _("Added."))
            to = reverse("stock:products") if found else f"{reverse('stock:receive')}?product={made.uid}"
            return see_other(request, to)
    context = {"form": form, "product": found, "currency": form.currency}
    return render(
        request, "stock/product.html", context | {"tab": "products"}, status=422 if form.is_bound else 200
    )


def _done(request: HttpRequest, told: Text, made: StockMovement) -> HttpResponse:
    undo_at = reverse("stock:undo", args=[made.uid]) if made.quantity else ""
    messages.success(request, str(told), extra_tags=undo_at)
    return see_other(request, reverse("stock:lot", args=[made.lot.uid]))


def _words(made: StockMovement) -> dict[str, str]:
    product = made.lot.product
    return {
        "amount": amount(abs(made.quantity), product),
        "left": amount(made.left_after, product),
        "lot": made.lot.number,
    }
