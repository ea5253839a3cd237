/** A stretch of a text that stayed, came or went. */
export interface Piece {
  kind: "same" | "added" | "removed";
  text: string;
}

/* Words, tokens in braces as one, runs of spaces, and every other sign by itself. */
const PARTS = /\{\{[^{}]*\}\}|[\p{L}\p{N}_]+|\s+|[^\s\p{L}\p{N}_]/gu;
const LINES = /[^\n]*\n|[^\n]+/g;

/** Beyond so many edits the texts have little in common, and one reads them better one after the other. */
const MOST_EDITS = 400;

/** How one text became another, word by word; line by line when too many words changed. */
export function diffText(before: string, after: string): Piece[] {
  for (const parts of [PARTS, LINES]) {
    const found = diffParts(before.match(parts) ?? [], after.match(parts) ?? []);
    if (found) return joined(withoutSpecks(joined(found)));
  }
  return joined([
    { kind: "removed", text: before },
    { kind: "added", text: after },
  ]);
}

/** Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986); undefined when it takes more than MOST_EDITS. */
function diffParts(before: readonly string[], after: readonly string[]): Piece[] | undefined {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const middle = shortestEdit(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  if (!middle) return undefined;
  return [piece("same", before.slice(0, head)), ...middle, piece("same", before.slice(before.length - tail))];
}

function shortestEdit(before: readonly string[], after: readonly string[]): Piece[] | undefined {
  const limit = Math.min(before.length + after.length, MOST_EDITS);
  let furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(furthest);
    const next = new Map(furthest);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = goesDown(furthest, diagonal, edits) ? at(furthest, diagonal + 1) : at(furthest, diagonal - 1) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkedBack(trace, before, after);
    }
    furthest = next;
  }
  return undefined;
}

function walkedBack(trace: readonly Map<number, number>[], before: readonly string[], after: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const furthest = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const from = goesDown(furthest, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : at(furthest, from);
    const fromY = edits === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      pieces.push({ kind: "same", text: before[x] ?? "" });
    }
    if (edits === 0) break;
    if (x === fromX) pieces.push({ kind: "added", text: after[(y -= 1)] ?? "" });
    else pieces.push({ kind: "removed", text: before[(x -= 1)] ?? "" });
  }
  return pieces.reverse();
}

function goesDown(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  return diagonal === -edits || (diagonal !== edits && at(furthest, diagonal - 1) < at(furthest, diagonal + 1));
}

function at(furthest: ReadonlyMap<number, number>, diagonal: number): number {
  return furthest.get(diagonal) ?? 0;
}

function piece(kind: Piece["kind"], parts: readonly string[]): Piece {
  return { kind, text: parts.join("") };
}

/** A lone space that stayed between two changes is read as part of them. */
function withoutSpecks(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((one, index): Piece[] => {
    const changes = pieces[index - 1]?.kind !== "same" && pieces[index + 1]?.kind !== "same" && index > 0 && index < pieces.length - 1;
    if (one.kind !== "same" || !changes || !/^ +$/.test(one.text)) return [one];
    return [
      { kind: "removed", text: one.text },
      { kind: "added", text: one.text },
    ];
  });
}

/** Neighbours of one kind as one; between two stretches that stayed, what went stands before what came. */
function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  let removed = "";
  let added = "";
  const flush = () => {
    if (removed) found.push({ kind: "removed", text: removed });
    if (added) found.push({ kind: "added", text: added });
    removed = "";
    added = "";
  };
  for (const { kind, text } of pieces) {
    if (text === "") continue;
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      flush();
      const last = found.at(-1);
      if (last?.kind === "same") last.text += text;
      else found.push({ kind, text });
    }
  }
  flush();
  return found;
}
