"""Flow documents for tests: the examples beside this file, and any others that Hypothesis can think of."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from penstock.errors import InvalidFlow
from penstock.kit.json import Json, JsonObject, loads
from penstock.workflows.document import parse

FOLDER = Path(__file__).parent / "flows"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))


def example(name: str) -> JsonObject:
    """One of the examples as JSON."""
    document = loads((FOLDER / f"{name}.json").read_bytes())
    assert isinstance(document, dict)
    return document


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
JSON = st.recursive(
    PLAIN | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
ANY_OBJECT = st.dictionaries(TEXT, JSON, max_size=4)
IDS = st.sampled_from(["1", "2", "3", "x"])
EDGE = st.fixed_dictionaries({"edgeType": st.sampled_from(["STANDARD", "GOTO"]), "nextActionId": IDS})


def node(kind: str, **keys: st.SearchStrategy[Json]) -> st.SearchStrategy[JsonObject]:
    shape = {"type": st.just(kind), "actionId": IDS, **keys}
    return st.builds(lambda extra, known: {**extra, **known}, ANY_OBJECT, st.fixed_dictionaries(shape))


NODES = st.one_of(
    node("SINGLE_CONNECTION", actionTypeId=st.sampled_from(["1-1000", "0-5", "0-777"]), fields=ANY_OBJECT),
    node("WEBHOOK", connection=EDGE),
    node(
        "LIST_BRANCH",
        listBranches=st.lists(
            st.fixed_dictionaries({"connection": EDGE, "filterBranch": ANY_OBJECT}), max_size=2
        ),
    ),
    node(
        "STATIC_BRANCH",
        staticBranches=st.lists(st.fixed_dictionaries({"branchValue": TEXT}), max_size=2),
        defaultBranch=EDGE,
    ),
    node("OF_NEXT_YEAR", whatever=JSON),
)
ANY_DOCUMENTS = st.builds(
    lambda extra, known: {**extra, **known},
    ANY_OBJECT,
    st.fixed_dictionaries(
        {
            "type": st.just("PLATFORM_FLOW"),
            "objectTypeId": st.just("0-5"),
            "actions": st.lists(NODES, max_size=4),
        },
        optional={
            "name": TEXT,
            "isEnabled": st.booleans(),
            "startActionId": IDS,
            "customProperties": ANY_OBJECT,
        },
    ),
)


def readable(document: JsonObject) -> bool:
    """Whether a document has the shape of a flow."""
    try:
        parse(document)
    except InvalidFlow:
        return False
    return True


DOCUMENTS = ANY_DOCUMENTS.filter(readable)
