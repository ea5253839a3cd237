"""Passwords: how they are hashed, and which may not be chosen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from penstock.accounts import passwords, users
from penstock.accounts.actors import Actor
from penstock.errors import PasswordRefused, RateLimited
from penstock.kit.database import Connection

OWNER = Actor(1, "cli", "root", "root", "owner")
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def test_a_hash_costs_what_owasp_asks_for_and_no_two_are_alike() -> None:
    first, second = await passwords.hashed("three blue boats"), await passwords.hashed("three blue boats")
    parameters = extract_parameters(first)
    assert parameters.type is Type.ID
    assert (parameters.memory_cost >= 19 * 1024, parameters.time_cost >= 2) == (True, True)
    assert first != second
    assert await passwords.verified(first, "three blue boats")
    assert not await passwords.verified(first, "three blue boat")


async def test_the_same_letters_typed_on_another_keyboard_are_the_same_password() -> None:
    stored = await passwords.hashed("r\u00f8dgr\u00f8d \u00e5 6")
    assert await passwords.verified(stored, "r\u00f8dgr\u00f8d a\u030a 6")


async def test_a_user_who_does_not_exist_costs_a_whole_verification_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []
    whole = passwords._matches

    def watched(stored: str, password: str) -> bool:
        compared.append(stored)
        return whole(stored, password)

    monkeypatch.setattr(passwords, "_matches", watched)
    assert not await passwords.verified(None, "three blue boats")
    # Even the password behind the stand-in hash opens nothing.
    assert not await passwords.verified(None, "the password of nobody")
    assert [extract_parameters(one) for one in compared] == [extract_parameters(compared[0])] * 2
    assert extract_parameters(compared[0]) == extract_parameters(await passwords.hashed("x"))


@pytest.mark.parametrize(
    "password",
    ["1234567", "a" * 129, "password", "Password1", "ADGANGSKODE", "aaaaaaaa", "abababab", "penstock123", "ada@example.com", "Ada Lovelace"],
)  # fmt: skip
def test_what_is_short_endless_common_or_the_own_name_is_refused_beside_its_field(password: str) -> None:
    with pytest.raises(PasswordRefused) as refusal:
        passwords.check_choice(password, "newPassword", "ada@example.com", "Ada Lovelace")
    assert [problem.path for problem in refusal.value.problems] == ["newPassword"]
    assert password == "password" or password not in str(refusal.value)


@pytest.mark.parametrize(
    "password", ["xkwqmzpt", "        x y z", "æøå æøå æøå", "🐳🐋🦑🐙🦐🦞🐠🐟", "z" * 126 + "ab"]
)
def test_any_composition_of_8_to_128_characters_may_be_chosen(password: str) -> None:
    passwords.check_choice(password, "newPassword", "ada@example.com")


def test_the_list_of_common_passwords_holds_only_what_the_length_does_not_refuse_already() -> None:
    listed = passwords.common_passwords()
    assert len(listed) > 3000
    assert all(len(one) >= passwords.SHORTEST and one == one.casefold() for one in listed)


async def test_a_hash_of_another_cost_is_replaced_unless_the_password_changed_meanwhile(
    db: Connection,
) -> None:
    user = await users.create(db, 1, OWNER, email="a@x.test", role="owner")
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("three blue boats")
    new = await passwords.hashed("three blue boats")
    assert (passwords.needs_rehash(old), passwords.needs_rehash(new)) == (True, False)
    await passwords.store(db, 1, user.id, old, NOW)
    await passwords.rehash(db, 1, user.id, old, new)
    assert await passwords.stored_hash(db, 1, user.id) == new
    await passwords.rehash(db, 1, user.id, old, "a hash of what the password was before")
    assert await passwords.stored_hash(db, 1, user.id) == new
    assert await passwords.stored_hash(db, 2, user.id) is None


async def test_when_too_many_wait_for_a_hash_the_next_one_is_sent_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "_waiting", {object() for _ in range(100)})
    with pytest.raises(RateLimited):
        await passwords.hashed("three blue boats")
