import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const WEB = dirname(fileURLToPath(import.meta.url));
const CORE = join(WEB, "node_modules/@mantine/core");
const EVERYWHERE = ["baseline.css", "default-css-variables.css", "global.css"];

/**
 * Leaves the rules of components that nothing of ours uses out of Mantine's style sheet, a third of it. Its
 * `styles.css` is the files of `styles/` one after the other, a file a component, so whole files are taken out and the
 * order of the rest stays. Only in builds: while developing, a component just added has its rules at once.
 */
export function mantineCss(): Plugin {
  return {
    name: "mantine-css",
    apply: "build",
    load(id) {
      if (!id.endsWith("/@mantine/core/styles.css")) return null;
      const used = usedClasses();
      let all = readFileSync(id, "utf8");
      for (const name of readdirSync(join(CORE, "styles"))) {
        if (name.endsWith(".layer.css") || EVERYWHERE.includes(name)) continue;
        const rules = readFileSync(join(CORE, "styles", name), "utf8").trim();
        const classes = rules.match(/\.m_[0-9a-f]+/g) ?? [];
        if (!classes.some((one) => used.has(one.slice(1)))) all = all.replace(rules, "");
      }
      return all;
    },
  };
}

/** The classes of every component that our sources import, and of those that these are made of. */
function usedClasses(): Set<string> {
  const index = readFileSync(join(CORE, "esm/index.mjs"), "utf8");
  const places = new Map<string, string>();
  for (const { names, from } of imports(index).filter((one) => one.from.startsWith("."))) {
    for (const name of names) places.set(name, join(CORE, "esm", from));
  }

  const waiting = importers()
    .flatMap((file) => imports(readFileSync(file, "utf8")))
    .filter(({ from }) => from === "@mantine/core")
    .flatMap(({ names }) => names.map((name) => places.get(name) ?? ""));
  const seen = new Set([""]);
  const classes = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const code = readFileSync(file, "utf8");
    for (const [name] of code.matchAll(/\bm_[0-9a-f]+/g)) classes.add(name);
    for (const { from } of imports(code)) if (from.startsWith(".")) waiting.push(resolve(dirname(file), from));
  }
  return classes;
}

/** Our sources, and the other packages of Mantine, which are built of the components of this one. */
function importers(): string[] {
  return [
    ...globSync("src/**/*.{ts,tsx}", { cwd: WEB }),
    ...globSync("node_modules/@mantine/{charts,dates,notifications,spotlight}/esm/**/*.mjs", { cwd: WEB }),
  ].map((file) => join(WEB, file));
}

function imports(code: string): { names: string[]; from: string }[] {
  return [...code.matchAll(/import\s+(?:[\w$]+\s*,?\s*)?(?:\{([^}]*)\})?\s*(?:from\s*)?["']([^"']+)["']/g)].map(([, names = "", from = ""]) => ({
    names: names.split(",").map((name) => name.trim().split(" as ")[0] ?? ""),
    from,
  }));
}
