import { call } from "@/api/client";

/** Sends a form with files, which the generated client has no types for. Throws an ApiProblem when it is refused. */
export async function sendForm<T>(path: string, form: FormData): Promise<T> {
  return call<T>(
    fetch(path, { method: "POST", body: form, credentials: "same-origin" }).then(async (response) => {
      const body: unknown = await response.json().catch(() => ({}));
      return response.ok ? { data: body as T, response } : { error: body, response };
    }),
  );
}
