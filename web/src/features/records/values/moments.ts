/** A moment in UTC as the picker shows it, in the viewer's zone: `2026-11-24 10:05:00`. */
export function toLocal(value: string): string | null {
  const moment = new Date(value);
  if (value === "" || Number.isNaN(moment.getTime())) return null;
  const two = (number: number) => String(number).padStart(2, "0");
  return (
    `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())} ` +
    `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`
  );
}

/** What the picker gives, as HubSpot stores it: ISO 8601 in UTC; "" for none. */
export function fromLocal(picked: string | null): string {
  if (!picked) return "";
  const moment = new Date(picked.replace(" ", "T"));
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}
