/** Screens that one does not go to once one is signed in: they would stand there for ever. */
const BEFORE = /^\/(sign-in|link)(?![\w-])/;

/** Where to go after the sign-in: a path of ours behind it, or undefined for anything else. */
export function localPath(value: unknown): string | undefined {
  const fine = typeof value === "string" && value.startsWith("/") && !value.startsWith("//") && !value.startsWith("/\\") && !BEFORE.test(value);
  return fine ? value : undefined;
}

export interface LinkFragment {
  token: string;
  to?: string;
}

/** What stands behind the # of a one-time link: the secret, and where it leads. Undefined when there is no secret. */
export function readFragment(hash: string): LinkFragment | undefined {
  const [token = "", ...rest] = hash.replace(/^#/, "").split("&");
  if (!/^[\w-]{20,}$/.test(token)) return undefined;
  const to = localPath(new URLSearchParams(rest.join("&")).get("to"));
  return to === undefined ? { token } : { token, to };
}
