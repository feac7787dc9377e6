"""The API as who asks it sees it."""

from django.test import Client


def found(client: Client, query: str, name: str = "practices") -> list[str]:
    return [row.get("slug") or row["id"] for row in client.get(f"/api/v1/{name}/?{query}").json()["results"]]
