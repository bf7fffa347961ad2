"""The living style page: each component in each state. Development only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.pages import staff_page
from desk.style import sample


@require_GET
@staff_page()
def style_page(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/style.html", sample())
