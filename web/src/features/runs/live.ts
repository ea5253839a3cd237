import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { sessionQuery } from "@/api/session";

/** What a page listens to. Events say which data are new; the page reads those by its queries. */
export type Subject = { flowId: string } | { runId: string } | { attention: true };

/** Lists of a busy workflow are read anew this often at most (milliseconds). */
const BETWEEN = 1000;
/** After the server refused a stream (there are too many), it is asked again after this long. */
const AGAIN = 15_000;

/**
 * Keeps queries fresh while a page is open: one stream a page, its events gathered and applied once a frame, and
 * no more than once a second. After (re)connecting everything is read once, because nobody tells what was missed.
 */
export function useLive(subject: Subject | null, keys: readonly QueryKey[]): void {
  const client = useQueryClient();
  const latest = useRef(keys);
  latest.current = keys;
  const query = subject === null ? null : "flowId" in subject ? `flowId=${subject.flowId}` : "runId" in subject ? `runId=${subject.runId}` : "attention=true";

  useEffect(() => {
    if (query === null) return undefined;
    let stream: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    let applied = 0;

    const apply = () => {
      frame = 0;
      applied = Date.now();
      for (const queryKey of latest.current) void client.invalidateQueries({ queryKey });
    };
    const soon = () => {
      if (frame || timer) return;
      const wait = applied + BETWEEN - Date.now();
      if (wait <= 0) frame = requestAnimationFrame(apply);
      else {
        timer = setTimeout(() => {
          timer = undefined;
          frame = requestAnimationFrame(apply);
        }, wait);
      }
    };
    const open = () => {
      stream = new EventSource(`/penstock/v1/events?${query}`);
      // What the page has read may be from before the stream: a run that ended in between would run on for ever.
      stream.onopen = soon;
      for (const name of ["runs", "run", "attention"]) stream.addEventListener(name, soon);
      stream.addEventListener("end", (event) => {
        const { reason } = JSON.parse((event as MessageEvent<string>).data) as { reason: string };
        if (reason === "server_ends") return; // the browser connects again by itself
        stream?.close();
        void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      });
      stream.onerror = () => {
        if (stream?.readyState !== EventSource.CLOSED) return;
        timer = setTimeout(() => {
          timer = undefined;
          open();
          soon();
        }, AGAIN);
      };
    };

    open();
    return () => {
      stream?.close();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [client, query]);
}
