import pytest
from pydantic import BaseModel

from penstock.kit.json import Json, JsonObject, dumps, loads


def test_values_survive_and_text_is_utf_8_without_white_space() -> None:
    value: Json = {"a": [1, 2.5, None, True, "ö"], "b": {"c": []}}
    assert loads(dumps(value)) == value
    assert dumps(value) == '{"a":[1,2.5,null,true,"ö"],"b":{"c":[]}}'.encode()


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", "NaN", "[1,]", b"\xff", '"\\ud800"'])
def test_what_is_not_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        loads(text)


@pytest.mark.parametrize("value", [{1: "key"}, 2**64, "\ud800", object()])
def test_what_json_cannot_hold_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        dumps(value)


def test_pydantic_models_hold_json_of_any_depth() -> None:
    class Model(BaseModel):
        value: JsonObject

    assert Model.model_validate({"value": {"a": [[[{"b": None}]]]}}).value == {"a": [[[{"b": None}]]]}
