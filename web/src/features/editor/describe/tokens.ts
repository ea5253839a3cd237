/** Tokens of a text as people read them: `{{ enrolled_object.firstname | default("you") }}` becomes `First name`. */
import type { Lookup } from "./describe-step";

const TOKEN = /\{\{\s*([\w.]+)[^{}]*\}\}/g;
const OUTPUT = /^action_outputs\.action_output_([^.]+)\.(.+)$/;

export function readableTokens(text: string, look: Pick<Lookup, "property" | "output">): string {
  return text.replace(TOKEN, (_, path: string) => {
    const output = OUTPUT.exec(path);
    if (output) return look.output(output[1] ?? "", output[2] ?? "");
    return look.property(path.replace(/^enrolled_object\./, ""));
  });
}
