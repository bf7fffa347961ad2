"""A service's numbers: what it keeps busy, and for how long."""

import pytest
from django.core.exceptions import ValidationError

from core.money import Money
from practice.models import Service


@pytest.mark.parametrize(
    ("numbers", "whole", "provider"),
    [
        ({"duration_minutes": 30}, (0, 30), [(0, 30)]),
        ({"duration_minutes": 45, "buffer_before": 5, "buffer_after": 10}, (-5, 55), [(-5, 55)]),
        (
            {"duration_minutes": 75, "buffer_after": 15, "processing_start": 30, "processing_minutes": 20},
            (0, 90),
            [(0, 30), (50, 90)],
        ),
        ({"duration_minutes": 60, "processing_start": 0, "processing_minutes": 20}, (0, 60), [(20, 60)]),
        ({"duration_minutes": 60, "processing_start": 40, "processing_minutes": 20}, (0, 60), [(0, 40)]),
        ({"duration_minutes": 60, "processing_start": 0, "processing_minutes": 60}, (0, 60), []),
    ],
)
def test_what_is_busy(numbers, whole, provider):
    service = Service(**numbers)
    assert service.whole_minutes() == whole
    assert service.provider_minutes() == provider


def test_money():
    service = Service(duration_minutes=30, price_amount=36_000, deposit_amount=5_000)
    assert service.price == Money(36_000, "USD")
    assert service.deposit == Money(5_000, "USD")
    assert Service(duration_minutes=30).deposit is None


@pytest.mark.parametrize("minutes", [0, 4, 721])
def test_nonsense_durations_are_refused(minutes):
    with pytest.raises(ValidationError):
        Service(name="x", duration_minutes=minutes).clean_fields(exclude=["category"])
