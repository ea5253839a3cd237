import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const CATALOGUES = fileURLToPath(new URL("./src/i18n/en", import.meta.url));
const MODULE = "virtual:words/";

/**
 * English words arrive with the code that says them: a module that names a namespace of the catalogue, in
 * `useTranslation("runs")` or as `"runs:some.key"`, also imports that namespace, so that the bundler puts it into the
 * same chunk. Else the words of every screen would be part of the first load.
 */
export function words(): Plugin {
  const names = readdirSync(CATALOGUES).map((file) => file.replace(/\.json$/, ""));
  const prefixed = new RegExp(`["'\`](${names.join("|")}):[\\w$]`, "g");
  return {
    name: "words",
    enforce: "pre",
    resolveId: (source) => (source.startsWith(MODULE) ? `\0${source}` : null),
    load(id) {
      if (!id.startsWith(`\0${MODULE}`)) return null;
      const name = id.slice(MODULE.length + 1);
      return `import { register } from "@/i18n/register";\nimport words from "@/i18n/en/${name}.json";\nregister("en", "${name}", words);`;
    },
    transform(code, id) {
      if (!/\/web\/src\/(?!i18n\/).*\.tsx?$/.test(id) || id.includes("/node_modules/")) return null;
      const used = new Set([...code.matchAll(prefixed)].map((match) => match[1]));
      for (const [, given = ""] of code.matchAll(/useTranslation\(([^)]*)\)/g)) {
        for (const [, name = ""] of given.matchAll(/"([\w-]+)"/g)) used.add(name);
      }
      // One line, so that places in the code stay what they are but for the first.
      const imports = [...used].map((name) => `import "${MODULE}${name}";`).join("");
      return used.size === 0 ? null : { code: imports + code, map: null };
    },
  };
}
