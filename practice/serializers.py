"""The shapes that the API gives out; for its description too."""

from typing import Any

from rest_framework import serializers

from core.money import Money
from practice.models import PolicyText, Service


class MoneySerializer(serializers.Serializer[Money]):
    amount = serializers.IntegerField(help_text="In minor units: 12500 is 125 dollars.")
    currency = serializers.CharField(min_length=3, max_length=3)


class ServiceSerializer(serializers.Serializer[Service]):
    id = serializers.UUIDField(source="uid")
    name = serializers.CharField()
    description = serializers.CharField()
    category = serializers.CharField(source="category.name")
    duration_minutes = serializers.IntegerField()
    price = MoneySerializer()
    deposit = MoneySerializer(allow_null=True)
    min_age = serializers.IntegerField()


class ServicePageSerializer(serializers.Serializer[Any]):
    results = ServiceSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class TextSerializer(serializers.Serializer[PolicyText]):
    version = serializers.CharField()
    text = serializers.CharField()


class BookingTextsSerializer(serializers.Serializer[Any]):
    service_sms = TextSerializer(allow_null=True)
    cancellation_policy = TextSerializer(allow_null=True)
