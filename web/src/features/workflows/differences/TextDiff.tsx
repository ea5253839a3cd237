import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Differences.module.css";
import { diffText, type Piece } from "./text-diff";

/** Of a longer stretch that stayed, only its ends are shown at first. */
const LONG = 500;
const END = 160;

/** Two texts woven into each other: what went is struck through, what came is marked. */
export function TextDiff({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation("workflows");
  const [whole, setWhole] = useState(false);
  const pieces = useMemo(() => diffText(before, after), [before, after]);
  const shortens = pieces.some(isLong);
  return (
    <div className={classes.text}>
      <div className={classes.pieces}>
        {pieces.map((piece, index) => (
          <PieceView key={index} piece={piece} first={index === 0} last={index === pieces.length - 1} whole={whole} />
        ))}
      </div>
      {shortens && (
        <button type="button" className={classes.more} onClick={() => setWhole(!whole)}>
          {t(whole ? "differences.less" : "differences.whole")}
        </button>
      )}
    </div>
  );
}

function isLong(piece: Piece): boolean {
  return piece.kind === "same" && piece.text.length > LONG;
}

function PieceView({ piece, first, last, whole }: { piece: Piece; first: boolean; last: boolean; whole: boolean }) {
  if (piece.kind === "added") return <ins className={classes.added}>{piece.text}</ins>;
  if (piece.kind === "removed") return <del className={classes.removed}>{piece.text}</del>;
  if (whole || !isLong(piece)) return <span>{piece.text}</span>;
  const start = first ? "" : piece.text.slice(0, END);
  const end = last ? "" : piece.text.slice(-END);
  return (
    <span>
      {start}
      <span className={classes.gap}> … </span>
      {end}
    </span>
  );
}
