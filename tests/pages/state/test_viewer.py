"""The name of whoever is signed in: nobody else can have it."""

import pytest

from pages.components.state.viewer import signed_in_name

OWN = {"iss": "https://login.example.org", "sub": "1"}


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "ada@example.org", "name": "Ada"}, "ada@example.org"),
        ({"email": "ada@example.org", "email_verified": True}, "ada@example.org"),
        ({"email": "ada@example.org", "email_verified": False, "name": "Ada"}, "Ada #2b6ddf8ea5"),
        ({"name": "Ada", "preferred_username": "ada"}, "ada #2b6ddf8ea5"),
        ({"email": "ada@example.org\u202e", "name": "Ada"}, "Ada #2b6ddf8ea5"),
        ({}, "#2b6ddf8ea5"),
    ],
)
def test_what_anybody_may_call_themselves_is_marked_by_who_they_are(claims: dict[str, object], name: str) -> None:
    found = signed_in_name({**OWN, **claims})
    assert found.partition("#")[0] == name.partition("#")[0]
    assert ("#" in found) == ("#" in name)
    assert signed_in_name({**OWN, "sub": "2", **claims}) != found or "#" not in found


def test_without_any_claim_nobody_is_signed_in() -> None:
    assert signed_in_name({"name": "Ada"}) == ""
