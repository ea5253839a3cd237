import base64
import copy
import json
import pickle
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.errors import ConfigurationProblem
from penstock.kit.json import dumps
from penstock.kit.sealing import Keyring, Secret, new_key
from penstock.settings import Settings

CONTEXT = "ws:1/secrets/llm_key/openai"


def keyring(*keys: str) -> Keyring:
    return Keyring.load(Settings(home=Path("/nowhere"), secret_key=",".join(keys)))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_opens_with_its_context(plain: str) -> None:
    keys = keyring(new_key())
    assert keys.open(keys.seal(plain, CONTEXT), CONTEXT).reveal() == plain


def test_sealing_twice_gives_two_texts_that_share_nothing_but_version_and_key() -> None:
    keys = keyring(new_key())
    first, second = keys.seal("same", CONTEXT).split("."), keys.seal("same", CONTEXT).split(".")
    assert first[:2] == second[:2] == ["v1", keys.current_id]
    assert not set(first[2:]) & set(second[2:])


def test_a_sealed_text_moved_to_another_row_does_not_open() -> None:
    keys = keyring(new_key())
    with pytest.raises(ConfigurationProblem, match="belongs to another row"):
        keys.open(keys.seal("sk-1", CONTEXT), "ws:2/secrets/llm_key/openai")


def test_parts_of_two_sealed_texts_do_not_combine() -> None:
    keys = keyring(new_key())
    one, two = keys.seal("one", CONTEXT).split("."), keys.seal("two", CONTEXT).split(".")
    for position in (2, 3, 4):
        mixed = [*one[:position], two[position], *one[position + 1 :]]
        with pytest.raises(ConfigurationProblem, match="altered"):
            keys.open(".".join(mixed), CONTEXT)


@given(st.data())
def test_a_sealed_text_with_one_flipped_bit_does_not_open(data: st.DataObject) -> None:
    keys = keyring(new_key())
    parts = keys.seal("secret", CONTEXT).split(".")
    position = data.draw(st.sampled_from([2, 3, 4]))
    raw = bytearray(base64.urlsafe_b64decode(parts[position] + "=="))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    parts[position] = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    with pytest.raises(ConfigurationProblem, match="altered"):
        keys.open(".".join(parts), CONTEXT)


@pytest.mark.parametrize("text", ["", "plain", "v1", "v1.a.b.c", "v1.a.b.c.d.e", "v1.00000000.A.A.A", "v2.{id}.A.A.A", "v1.{id}.A.A.A", "v1.{id}...", "v1.{id}.é.A.A"])  # fmt: skip
def test_any_other_text_is_refused_with_a_remedy(text: str) -> None:
    keys = keyring(new_key())
    with pytest.raises(ConfigurationProblem) as caught:
        keys.open(text.replace("{id}", keys.current_id), CONTEXT)
    assert caught.value.remedy


def test_the_first_key_seals_and_every_key_opens() -> None:
    old, new = new_key(), new_key()
    sealed = keyring(old).seal("kept", CONTEXT)
    rotated = keyring(new, old)
    assert rotated.open(sealed, CONTEXT).reveal() == "kept"
    assert not rotated.is_current(sealed)
    assert rotated.is_current(rotated.seal("kept", CONTEXT))


def test_a_missing_key_is_named_by_its_id() -> None:
    lost = keyring(new_key())
    with pytest.raises(
        ConfigurationProblem, match=rf"key {lost.current_id}, which is not among.*PENSTOCK_SECRET_KEY"
    ):
        keyring(new_key()).open(lost.seal("x", CONTEXT), CONTEXT)


@pytest.mark.parametrize(
    "text", ["", "short", base64.b64encode(b"x" * 31).decode(), "hunter2hunter2!" * 3, base64.b64encode(b"x" * 32).decode() + ","],
)  # fmt: skip
def test_a_key_of_another_shape_stops_the_start_without_being_shown(text: str) -> None:
    with pytest.raises(
        ConfigurationProblem, match=r"PENSTOCK_SECRET_KEY holds a key of .* not 32 bytes"
    ) as caught:
        keyring(text)
    assert len(text) < 5 or text not in str(caught.value)


def test_the_key_file_is_made_once_for_its_owner_only_and_outside_the_database(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    sealed = Keyring.load(settings).seal("x", CONTEXT)
    path = settings.home / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700
    assert list(settings.home.iterdir()) == [path]
    assert Keyring.load(settings).open(sealed, CONTEXT).reveal() == "x"


def test_processes_that_start_together_agree_on_one_key_file(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(Keyring.load(settings).current_id)) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1


def test_a_key_file_that_others_may_read_stops_the_start(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    Keyring.load(settings)
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(ConfigurationProblem, match=r"Other users may read .*chmod 600"):
        Keyring.load(settings)


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret("sk-canary-0123456789")
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>40}", f"{secret:>20}", "%s" % secret, str({"key": secret}), str(vars(type(secret)))]  # noqa: UP031  # fmt: skip
    assert not [text for text in shown if "canary" in text]
    assert secret.reveal() == "sk-canary-0123456789"
    for write in (pickle.dumps, json.dumps, dumps):
        with pytest.raises(TypeError):
            write(secret)
    assert copy.deepcopy({"key": secret})["key"] is secret
    assert secret == Secret("sk-canary-0123456789")
    assert secret != "sk-canary-0123456789"
