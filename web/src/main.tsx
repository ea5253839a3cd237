import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "@fontsource-variable/inter";
import "./design/global.css";

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { type AnyRoute, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { sessionQuery } from "./api/session";
import { createQueryClient } from "./api/query-client";
import { cssVariables, theme } from "./design/theme";
import { startWords } from "./i18n";
import { createAppRouter } from "./router";
import { returnFocusAfterDialogs } from "./ui/focus-return";
import { Messages } from "./ui/Messages";

const colorScheme = localStorageColorSchemeManager({ key: "penstock-color-scheme" });
const queryClient = createQueryClient();
const router = createAppRouter(queryClient);

/** The nonce of this page: whatever puts a style element into it has to carry it. */
function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}

// The library behind dialogs that keeps the page from scrolling asks for the nonce under this name only (get-nonce).
Object.assign(globalThis, { __webpack_nonce__: nonce() });

/** Fetches the code of the screen that is addressed while it is asked who is signed in, instead of after. */
function startFetching(): void {
  void queryClient.prefetchQuery(sessionQuery);
  for (const { routeId } of router.matchRoutes(router.latestLocation)) void router.loadRouteChunk(router.routesById[routeId as keyof typeof router.routesById] as AnyRoute);
}

async function start(root: HTMLElement): Promise<void> {
  startFetching();
  await startWords();
  returnFocusAfterDialogs();
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        colorSchemeManager={colorScheme}
        getStyleNonce={nonce}
      >
        <QueryClientProvider client={queryClient}>
          <Messages />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);
