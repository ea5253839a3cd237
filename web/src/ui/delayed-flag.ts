import { useEffect, useState } from "react";

const DELAY = 150; // milliseconds; what is quicker than this needs no skeleton

/** True once `flag` has been true for 150 ms, so that quick answers show no skeleton. */
export function useDelayedFlag(flag: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!flag) return undefined;
    const timer = setTimeout(() => setLate(true), DELAY);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [flag]);
  return flag && late;
}
