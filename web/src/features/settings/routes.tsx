import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { readAuditSearch } from "./audit-log/audit-search";
import { readConnectedAppsSearch } from "./connected-apps/connected-apps-search";
import { settingsRoute } from "./layout-route";
import { readPricesSearch } from "./prices/prices-search";
import { readPropertiesSearch } from "./properties/properties-search";

export const settingsRoutes = [
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/",
    beforeLoad: () => {
      throw redirect({ to: "/settings/connected-apps" });
    },
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/connected-apps",
    validateSearch: readConnectedAppsSearch,
    component: lazyRouteComponent(() => import("./connected-apps/ConnectedAppsPage"), "ConnectedAppsPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/prices",
    validateSearch: readPricesSearch,
    component: lazyRouteComponent(() => import("./prices/PricesPage"), "PricesPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/users",
    component: lazyRouteComponent(() => import("./users/UsersPage"), "UsersPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/api-tokens",
    component: lazyRouteComponent(() => import("./api-tokens/ApiTokensPage"), "ApiTokensPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/email",
    component: lazyRouteComponent(() => import("./email/EmailPage"), "EmailPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/webhooks",
    component: lazyRouteComponent(() => import("./webhooks/WebhooksPage"), "WebhooksPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/properties",
    validateSearch: readPropertiesSearch,
    component: lazyRouteComponent(() => import("./properties/PropertiesPage"), "PropertiesPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/knowledge",
    component: lazyRouteComponent(() => import("./knowledge/KnowledgePage"), "KnowledgePage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/knowledge/$setId",
    component: lazyRouteComponent(() => import("./knowledge/SetPage"), "SetPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/knowledge/$setId/documents/$documentId",
    component: lazyRouteComponent(() => import("./knowledge/DocumentPage"), "DocumentPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/audit-log",
    validateSearch: readAuditSearch,
    component: lazyRouteComponent(() => import("./audit-log/AuditLogPage"), "AuditLogPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/health",
    component: lazyRouteComponent(() => import("./health/HealthPage"), "HealthPage"),
  }),
] as const;
