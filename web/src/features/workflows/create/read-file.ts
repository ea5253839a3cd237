import { isObject, type Json, type JsonObject, objectsOf } from "@/api/json";

/** A flow document that was read from a file, as the dialog shows it. */
export interface ReadFlow {
  document: JsonObject;
  name: string;
  objectTypeId: string;
  steps: number;
}

/** Why a file is no flow document: a key of the catalogue. */
export type Refusal = "tooLarge" | "noJson" | "noFlow";

const LARGEST = 2_000_000; // bytes, as the server takes them for a draft

/** Reads the text of a file as HubSpot's v4 flow JSON; what is wrong inside of it is for the checks to say. */
export function readFlow(text: string): ReadFlow | Refusal {
  if (text.length > LARGEST) return "tooLarge";
  let document: Json;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch {
    return "noJson";
  }
  if (!isObject(document) || !Array.isArray(document.actions)) return "noFlow";
  return {
    document,
    name: typeof document.name === "string" ? document.name.trim() : "",
    objectTypeId: typeof document.objectTypeId === "string" ? document.objectTypeId : "",
    steps: objectsOf(document.actions).length,
  };
}
