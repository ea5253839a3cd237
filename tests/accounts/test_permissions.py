import pytest

from penstock.accounts.actors import ROLES, Actor
from penstock.accounts.permissions import PERMISSIONS, allows, require
from penstock.errors import Forbidden


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_higher_role_holds_whatever_a_lower_one_holds(permission: str) -> None:
    held = [allows(role, permission) for role in ROLES]
    assert held == sorted(held)
    assert held[-1], "an owner may do everything"


def test_a_viewer_changes_nothing_but_the_own_account() -> None:
    held = {permission for permission in PERMISSIONS if allows("viewer", permission)}
    assert all(permission.endswith(".read") for permission in held - {"account.own"})
    assert "records.read" in held


def test_a_refusal_names_the_permission_and_who_holds_it() -> None:
    require(Actor(1, "api_token", "1", "CI", "admin"), "connections.manage")
    with pytest.raises(Forbidden, match=r"'connections.manage'.*'operator'.*owner, admin"):
        require(Actor(1, "api_token", "1", "CI", "operator"), "connections.manage")


def test_a_permission_outside_of_the_table_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        require(Actor(1, "api_token", "1", "CI", "owner"), "records.destroy")
