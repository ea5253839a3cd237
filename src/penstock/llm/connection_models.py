"""The models that a connection can use: the provider's live list, kept for a day so that forms need not wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from penstock.connections import connections, model_lists
from penstock.connections.vault import Vault
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.llm.capabilities import Range
from penstock.llm.catalog import ModelInfo
from penstock.llm.client import LlmClient
from penstock.llm.own_prices import own_price

KEEP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ConnectionModels:
    """A provider's models by id, and when it listed them."""

    models: tuple[ModelInfo, ...]
    fetched_at: datetime


async def models_of(
    db: Connection,
    client: LlmClient,
    vault: Vault,
    workspace_id: int,
    connection_id: int,
    now: datetime,
    *,
    who: str,
    refresh: bool = False,
) -> ConnectionModels:
    """The kept list when it is younger than 24 hours and no `refresh` is asked for, else a fresh one, then kept.

    `who` stands in the audit log beside the opening of the key. Must not be called within a transaction: the
    provider may take seconds to answer. Raises NotFound for an unknown connection, and LlmError.
    """
    connection = await connections.get(db, workspace_id, connection_id)
    if not refresh:
        kept = await _kept(db, workspace_id, connection_id)
        if kept is not None and kept.fetched_at >= now - KEEP:
            return _at_own_prices(kept, workspace_id, connection.provider)
    key = await vault.open_key(db, workspace_id, connection_id, who)
    secret = key.reveal() if key is not None else ""
    found = await client.list_models(connection.provider, secret, connection.base_url)
    async with db.transaction():
        rows = [cast("JsonObject", asdict(model)) for model in found]
        await model_lists.save(db, workspace_id, connection_id, rows)
        kept = await _kept(db, workspace_id, connection_id)
    # Nothing is kept when the connection was uninstalled while the provider answered.
    listed = kept or ConnectionModels(tuple(found), now)
    return _at_own_prices(listed, workspace_id, connection.provider)


def _at_own_prices(listed: ConnectionModels, workspace_id: int, provider: str) -> ConnectionModels:
    """The list with the prices that the workspace states itself in place of the provider's."""
    models = []
    for model in listed.models:
        own = own_price(workspace_id, provider, model.id)
        stated = (float(own.input_usd), float(own.output_usd)) if own else None
        models.append(
            model
            if stated is None
            else replace(model, input_usd_per_mtok=stated[0], output_usd_per_mtok=stated[1])
        )
    return ConnectionModels(tuple(models), listed.fetched_at)


async def _kept(db: Connection, workspace_id: int, connection_id: int) -> ConnectionModels | None:
    kept = await model_lists.load(db, workspace_id, connection_id)
    models = None if kept is None else _read(kept.models)
    return None if kept is None or models is None else ConnectionModels(models, kept.fetched_at)


def _read(rows: Sequence[JsonObject]) -> tuple[ModelInfo, ...] | None:
    """The kept models; None when another release kept them in another shape, which is as good as nothing kept."""
    try:
        return tuple(_model(cast("dict[str, Any]", dict(row))) for row in rows)
    except TypeError:
        return None


def _model(row: dict[str, Any]) -> ModelInfo:
    temperature = row.pop("temperature", None)
    efforts = tuple(row.pop("efforts", ()))
    return ModelInfo(
        **row, temperature=None if temperature is None else Range(**temperature), efforts=efforts
    )
