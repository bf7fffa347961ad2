"""What the API reads and writes about a person and the tokens."""

from typing import Any

from rest_framework import serializers

from accounts.access import permissions_of
from accounts.models import User


class MeSerializer(serializers.Serializer[User]):
    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(read_only=True)
    display_name = serializers.CharField(read_only=True)
    role = serializers.CharField(read_only=True)
    permissions = serializers.SerializerMethodField()

    def get_permissions(self, user: User) -> list[str]:
        return sorted(permissions_of(user))


class TokenSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uid", read_only=True)
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=40)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    prefix = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    last_used_at = serializers.DateTimeField(read_only=True, allow_null=True)
    revoked_at = serializers.DateTimeField(read_only=True, allow_null=True)


class IssuedTokenSerializer(TokenSerializer):
    """With the clear text, this once."""

    token = serializers.CharField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        token, clear = instance
        return {**TokenSerializer(token).data, "token": clear}


class TokenPageSerializer(serializers.Serializer[Any]):
    results = TokenSerializer(many=True, read_only=True)
    next = serializers.CharField(read_only=True, allow_null=True)
