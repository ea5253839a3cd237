import { createContext, useContext } from "react";

/** Something that can be put into a text at this point of the workflow. */
export interface TokenChoice {
  path: string;
  /** How its chip and its row are called: "First name", "Urgency of 1. Classify". */
  label: string;
  kind: "record" | "output";
  /** A text of many words that somebody outside wrote: in a prompt it stands in a fence. */
  prose?: boolean;
  /** Its value for the record that the forms show samples of. */
  sample?: string;
}

export interface TokenGroup {
  label: string;
  choices: TokenChoice[];
}

export interface TokenScope {
  groups: readonly TokenGroup[];
  /** What a path names here; undefined when the property or the output is gone or not in reach. */
  find: (path: string) => TokenChoice | undefined;
  /** False while properties are still on their way, when nothing may be called unknown. */
  ready: boolean;
  /** The name of the record that samples come from. */
  sampleOf?: string;
  /** The editor's own undo, which fields leave theirs to. */
  undo?: () => void;
  redo?: () => void;
}

const NOTHING: TokenScope = { groups: [], find: () => undefined, ready: false };

export const TokenScopeContext = createContext<TokenScope>(NOTHING);

/** What tokens may stand for in the form that is open. */
export const useTokenScope = (): TokenScope => useContext(TokenScopeContext);
