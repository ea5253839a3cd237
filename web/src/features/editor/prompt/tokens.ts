/** Tokens of authors' texts, read as the server's `kit.template` reads them: a dotted path and filters of a fixed table. */

export interface TokenFilter {
  name: string;
  args: (string | number)[];
}

export interface Token {
  /** `enrolled_object.firstname`, or `action_outputs.action_output_1.text` */
  path: string;
  filters: TokenFilter[];
}

export interface PlacedToken extends Token {
  /** Where it stands in the text, from its first brace to after its last. */
  from: number;
  to: number;
}

/** The filter that puts a value between two tags that no record can write. */
export const FENCED = "fenced";

export const RECORD = "enrolled_object";

const STRING = String.raw`"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'`;
const ARGUMENT = String.raw`(?:${STRING}|-?\d{1,9})`;
const ARGUMENTS = String.raw`\(\s*(?:${ARGUMENT}\s*(?:,\s*${ARGUMENT}\s*)*)?\)`;
const FILTER = String.raw`\|\s*[a-z_]+\s*(?:${ARGUMENTS}\s*)?`;
const NAME = String.raw`(?!__)[A-Za-z0-9_][A-Za-z0-9_-]*`;
const TOKEN = new RegExp(String.raw`\{\{(?!\{)\s*(${NAME}(?:\.${NAME})*)\s*((?:${FILTER})*)\}\}`, "g");
const ONE_FILTER = new RegExp(String.raw`\|\s*([a-z_]+)\s*(${ARGUMENTS})?`, "g");
const ONE_ARGUMENT = new RegExp(ARGUMENT, "g");
const LONGEST = 1000;

function readArgument(text: string): string | number {
  return /^["']/.test(text) ? text.slice(1, -1).replace(/\\([\s\S])/g, "$1") : Number(text);
}

/** The well-formed tokens of a text, in order. Whether their paths and filters exist is another question. */
export function findTokens(text: string): PlacedToken[] {
  const found: PlacedToken[] = [];
  for (const match of text.matchAll(TOKEN)) {
    if (match[0].length > LONGEST) continue;
    const filters = [...(match[2] ?? "").matchAll(ONE_FILTER)].map(([, name = "", args = ""]) => ({
      name,
      args: [...args.matchAll(ONE_ARGUMENT)].map(([argument]) => readArgument(argument)),
    }));
    found.push({ from: match.index, to: match.index + match[0].length, path: match[1] ?? "", filters });
  }
  return found;
}

function writeArgument(argument: string | number): string {
  return typeof argument === "number" ? String(argument) : `"${argument.replace(/["\\]/g, "\\$&")}"`;
}

/** A token as it stands in a text. */
export function writeToken({ path, filters }: Token): string {
  const tail = filters.map(({ name, args }) => ` | ${name}${args.length > 0 ? `(${args.map(writeArgument).join(", ")})` : ""}`);
  return `{{ ${path}${tail.join("")} }}`;
}

/** The first argument of a token's filter of that name. */
export function filterArgument(token: Token, name: string): string | number | undefined {
  return token.filters.find((filter) => filter.name === name)?.args[0];
}

/** The token with a filter set to an argument, or without that filter. */
export function withFilter(token: Token, name: string, argument: string | number | undefined): Token {
  const others = token.filters.filter((filter) => filter.name !== name);
  if (argument === undefined || argument === "") return { ...token, filters: others };
  const at = token.filters.findIndex((filter) => filter.name === name);
  const filter = { name, args: [argument] };
  return { ...token, filters: at < 0 ? [...others, filter] : token.filters.map((one, index) => (index === at ? { ...one, args: [argument, ...one.args.slice(1)] } : one)) };
}

/** The token in a fence, or out of it. */
export function withFence(token: Token, fenced: boolean): Token {
  const others = token.filters.filter((filter) => filter.name !== FENCED);
  return { ...token, filters: fenced ? [...others, { name: FENCED, args: [] }] : others };
}

export const isFenced = (token: Token): boolean => token.filters.some((filter) => filter.name === FENCED);

/** The action and output that a path names, undefined when it is no output. */
export function outputOf(path: string): { actionId: string; output: string } | undefined {
  const match = /^action_outputs\.action_output_([^.]+)\.([^.]+)$/.exec(path);
  return match ? { actionId: match[1] ?? "", output: match[2] ?? "" } : undefined;
}

export const outputPath = (actionId: string, output: string) => `action_outputs.action_output_${actionId}.${output}`;

/** A rough number of model tokens in a text: about four characters each, as for English in current tokenizers. */
export function estimateTokens(text: string): number {
  const withoutTokens = findTokens(text).reduceRight((rest, token) => rest.slice(0, token.from) + rest.slice(token.to), text);
  return Math.ceil(withoutTokens.trim().length / 4);
}
