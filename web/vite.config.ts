import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { mantineCss } from "./mantine-css.ts";
import { precompress } from "./precompress.ts";
import { words } from "./words.ts";

// The API that `npm run dev` talks to; `make dev` serves it there.
const API = process.env.PENSTOCK_API ?? "http://127.0.0.1:8300";
const API_PATHS = ["/crm", "/automation", "/penstock", "/openapi.json"];

export default defineConfig({
  plugins: [words(), mantineCss(), react(), precompress()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "../src/penstock/_web",
    emptyOutDir: true,
    target: "es2023",
    // A warning would only repeat what the test of the first load checks with its own limit.
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: "tanstack", test: /node_modules[\\/]@tanstack[\\/](react-query|query-core|react-router|router-core|history|react-store|store)[\\/]/ },
            { name: "start", tags: ["$initial"] },
            // Left to themselves, each icon that two screens share is half a kilobyte and a request of its own.
            { name: "icons", test: /node_modules[\\/]@tabler[\\/]/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    port: 5273,
    proxy: Object.fromEntries(API_PATHS.map((path) => [path, { target: API, changeOrigin: false }])),
  },
});
