/** What the address of the properties page holds. */
export interface PropertiesSearch {
  objectType?: string;
  search?: string;
  archived?: boolean;
  /** The property whose dialog is open. */
  property?: string;
  /** Which dialog for something new is open. */
  create?: "property" | "objectType";
}

export function readPropertiesSearch(raw: Record<string, unknown>): PropertiesSearch {
  const text = (name: "objectType" | "search" | "property") => (typeof raw[name] === "string" && raw[name] !== "" ? { [name]: raw[name] } : {});
  return {
    ...text("objectType"),
    ...text("search"),
    ...text("property"),
    ...(raw["archived"] === true ? { archived: true } : {}),
    ...(raw["create"] === "property" || raw["create"] === "objectType" ? { create: raw["create"] } : {}),
  };
}
