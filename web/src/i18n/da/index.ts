/** The Danish catalogue, one chunk of its own. */
export const words = import.meta.glob<Record<string, unknown>>("./*.json", { eager: true, import: "default" });
