"""The HTTP API put together: HubSpot's paths and ours, one envelope, one error shape, one permission table."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel

import penstock
from penstock.api import errors
from penstock.api.access import ACCESS
from penstock.api.background import Background
from penstock.api.description import description
from penstock.api.envelope import Envelope
from penstock.api.hubspot import (
    associations,
    erasing,
    flows,
    imports,
    object_batches,
    objects,
    owners,
    properties,
    schemas,
)
from penstock.api.limits import Throttle
from penstock.api.live import Live
from penstock.api.mcp_server import door
from penstock.api.mcp_server.door import McpServer
from penstock.api.penstock import (
    activation,
    attention,
    audit_log,
    batches,
    bulk_edits,
    checks,
    connection_limits,
    connections,
    devices,
    enrolling,
    enrollments,
    estimates,
    eval_runs,
    evals,
    events,
    exports,
    figures,
    flow_editing,
    flow_list,
    flow_trying,
    health,
    import_previews,
    invitations,
    knowledge,
    links,
    log_keeping,
    mail,
    model_replacements,
    models,
    outbox,
    own_prices,
    property_uses,
    record_associations,
    record_past,
    record_table,
    reviews,
    run_history,
    run_operations,
    samples,
    secrets,
    session,
    spend_caps,
    stopped_loops,
    tokens,
    undos,
    users,
    views,
)
from penstock.api.security import bearer_scheme
from penstock.api.unfinished import go_on
from penstock.bootstrap import Penstock
from penstock.errors import ConfigurationProblem
from penstock.kit.json import JsonObject

DESCRIPTION = """\
HubSpot's CRM and workflow API, as far as Penstock has it, and under `/penstock/v1` what HubSpot has no API for.
Every path works with and without a slash at its end. HubSpot's dated paths are served beside the ones shown here.
"""


@dataclass(frozen=True, slots=True)
class Mount:
    """A router and where it is served: `prefix` is the path in the permission table, `aliases` are HubSpot's others."""

    router: APIRouter
    prefix: str
    aliases: tuple[str, ...] = ()

    def endpoints(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Each route as `METHOD /path` with its function."""
        for route in self.router.routes:
            if isinstance(route, APIRoute):
                for method in route.methods or ():
                    yield f"{method} {self.prefix}{route.path}", route.endpoint


MOUNTS: tuple[Mount, ...] = (
    Mount(description, ""),
    Mount(door.router, "/mcp"),
    Mount(
        flows.router,
        "/automation/v4/flows",
        ("/automation/2026-09-beta/flows", "/automation/v4/2027-03-beta/flows"),
    ),
    Mount(
        flows.action_types,
        "/automation/v4/action-types",
        ("/automation/2026-09-beta/action-types", "/automation/v4/2027-03-beta/action-types"),
    ),
    Mount(
        objects.router,
        "/crm/v3/objects/{objectType}",
        ("/crm/objects/2026-03/{objectType}", "/crm/objects/2026-09/{objectType}"),
    ),
    Mount(
        properties.router,
        "/crm/v3/properties/{objectType}",
        ("/crm/properties/2026-03/{objectType}", "/crm/properties/2026-09/{objectType}"),
    ),
    Mount(
        object_batches.router,
        "/crm/v3/objects/{objectType}",
        ("/crm/objects/2026-03/{objectType}", "/crm/objects/2026-09/{objectType}"),
    ),
    Mount(
        erasing.router,
        "/crm/v3/objects/{objectType}",
        ("/crm/objects/2026-03/{objectType}", "/crm/objects/2026-09/{objectType}"),
    ),
    Mount(schemas.router, "/crm/v3/schemas", ("/crm/schemas/2026-03", "/crm/schemas/2026-09")),
    Mount(
        associations.router,
        "/crm/v4/objects/{fromObjectType}/{objectId}/associations",
        (
            "/crm/objects/2026-03/{fromObjectType}/{objectId}/associations",
            "/crm/objects/2026-09/{fromObjectType}/{objectId}/associations",
        ),
    ),
    Mount(owners.router, "/crm/v3/owners", ("/crm/owners/2026-03", "/crm/owners/2026-09")),
    Mount(imports.router, "/crm/v3/imports", ("/crm/imports/2026-03", "/crm/imports/2026-09")),
    *(
        Mount(router, "/penstock/v1/records/{objectType}")
        for router in (
            record_table.router,
            record_past.router,
            record_associations.router,
            bulk_edits.of_type,
            exports.router,
        )
    ),
    Mount(import_previews.bad, "/penstock/v1"),
    Mount(evals.uploads, "/penstock/v1"),
    Mount(knowledge.uploads, "/penstock/v1"),
    *(
        Mount(module.router, "/penstock/v1")
        for module in (
            connections,
            connection_limits,
            models,
            model_replacements,
            own_prices,
            enrollments,
            batches,
            enrolling,
            run_history,
            reviews,
            run_operations,
            undos,
            log_keeping,
            stopped_loops,
            attention,
            figures,
            spend_caps,
            events,
            activation,
            checks,
            flow_list,
            flow_editing,
            flow_trying,
            samples,
            estimates,
            knowledge,
            evals,
            eval_runs,
            outbox,
            mail,
            tokens,
            users,
            invitations,
            audit_log,
            session,
            devices,
            links,
            secrets,
            health,
            views,
            bulk_edits,
            import_previews,
            property_uses,
        )
    ),
)


def create_app(app: Penstock) -> FastAPI:
    """The ASGI application over an open Penstock process. Raises ConfigurationProblem for a route without a permission."""
    api = FastAPI(
        title="Penstock",
        version=penstock.__version__,
        description=DESCRIPTION,
        openapi_url=None,  # served by `description`, so that it too stands in the permission table
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        generate_unique_id_function=_operation_id,
        separate_input_output_schemas=False,  # else every shape appears twice in a client's types
    )
    api.state.penstock = app
    api.state.throttle = Throttle()
    api.state.access = permissions()
    errors.install(api)
    for mount in MOUNTS:
        described = [Depends(bearer_scheme)] if mount.prefix else []
        api.include_router(
            mount.router, prefix=mount.prefix, dependencies=described, responses=errors.DESCRIBED
        )
        for alias in mount.aliases:
            api.include_router(mount.router, prefix=alias, include_in_schema=False)
    api.add_middleware(Envelope)
    return api


def describe() -> JsonObject:
    """The OpenAPI 3.1 document. It is made of the routes alone; no process stands behind them."""
    document: JsonObject = create_app(cast(Penstock, None)).openapi()
    return document


def _operation_id(route: APIRoute) -> str:
    """`flowsListFlows`: tag and function, in the words of the languages that clients are generated for."""
    return to_camel("_".join([*map(str, route.tags), route.name]).replace("-", "_").replace(" ", "_"))


@contextlib.asynccontextmanager
async def _lifespan(api: FastAPI) -> AsyncIterator[None]:
    async with Background() as background:
        api.state.background = background
        await go_on(api.state.penstock, background)
        api.state.live = Live(api.state.penstock.pool)
        api.state.mcp_server = McpServer()
        yield
        await api.state.mcp_server.stop()
        await api.state.live.stop()


def permissions() -> dict[Callable[..., Any], str | None]:
    """The permission of each route's function, from the table of `access`."""
    routes = dict(endpoint for mount in MOUNTS for endpoint in mount.endpoints())
    missing = sorted(routes.keys() - ACCESS.keys())
    stale = sorted(ACCESS.keys() - routes.keys())
    if missing or stale:
        raise ConfigurationProblem(
            f"The permission table and the routes differ: without permission {missing}, without route {stale}.",
            remedy="Give each route its permission in penstock/api/access.py.",
        )
    return {endpoint: ACCESS[key] for key, endpoint in routes.items()}
