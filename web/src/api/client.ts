import createClient, { type Middleware } from "openapi-fetch";
import { ApiProblem } from "./problem";
import type { paths } from "./schema";

/** The API as generated from the server's own description. Same origin, so the session cookie goes along. */
export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });

type Listener = () => void;
const signedOut = new Set<Listener>();

/** Calls `listener` whenever the server says that nobody is signed in any more. Returns how to stop. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

const noticeSignOut: Middleware = {
  onResponse({ response, schemaPath }) {
    // A wrong password is answered with 401 too; that is no sign-out.
    if (response.status === 401 && !schemaPath.startsWith("/penstock/v1/session")) {
      for (const listener of signedOut) listener();
    }
    return undefined;
  },
};
api.use(noticeSignOut);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The data of an answer: `await call(api.GET("/penstock/v1/flows/{flowId}", {...}))`.
 * Throws an ApiProblem when the server refuses or cannot be reached.
 */
export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  let settled: Answer<T>;
  try {
    settled = await answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, { message: "" });
  }
  if (settled.response.ok) return settled.data as T;
  const body = typeof settled.error === "object" && settled.error !== null ? settled.error : {};
  throw new ApiProblem(settled.response.status, body);
}

/**
 * The body of a request with files: `api.POST(path, asForm({ files: file }))`.
 * The generated types take a file for a text, so the form goes past them; the client sends it as multipart.
 */
export function asForm(fields: Readonly<Record<string, string | File>>): { body: never } {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return { body: form as never };
}
