import { ApiProblem } from "@/api/problem";

/** One request to the API of records, with a JSON body. Throws an ApiProblem when it is refused. */
export async function send<T>(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await reach(`/penstock/v1${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    ...(signal ? { signal } : {}),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, { message: "" });
  }
  if (response.ok) return response;
  let said: unknown;
  try {
    said = await response.json();
  } catch {
    said = {};
  }
  throw new ApiProblem(response.status, typeof said === "object" && said !== null ? said : {});
}
