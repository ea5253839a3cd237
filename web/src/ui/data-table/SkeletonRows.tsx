import { Skeleton } from "@mantine/core";
import classes from "./DataTable.module.css";

/** Rows that are on their way, in the shape that they will have. */
export function SkeletonRows({ columns, rows }: { columns: number; rows: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes.row} data-still>
          {Array.from({ length: columns }, (_, column) => (
            <div key={column} className={classes.cell} data-pinned={column === 0 || undefined}>
              <Skeleton h={10} w={`${45 + ((row * 7 + column * 13) % 40)}%`} radius="xl" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
