import { isObject, type Json, type JsonObject } from "@/api/json";

/** A whole day as HubSpot's filters write it: its first or its last moment in a time zone. */
export function dayPoint(day: string, zone: string, end: "start" | "end"): JsonObject {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const clock = end === "start" ? { hour: 0, minute: 0, second: 0, millisecond: 0 } : { hour: 23, minute: 59, second: 59, millisecond: 999 };
  return { timeType: "DATE", timezoneSource: "CUSTOM", zoneId: zone, year, month, day: date, ...clock };
}

function whole(value: Json | undefined): number {
  return value === undefined || value === null ? 0 : Number(value);
}

/** The day of a time point that is exactly the first or last moment of one; undefined for every other. */
export function readDayPoint(point: Json | undefined, end: "start" | "end"): string | undefined {
  if (!isObject(point) || point.timeType !== "DATE") return undefined;
  const clock = [point.hour, point.minute, point.second].map(whole);
  const wanted = end === "start" ? [0, 0, 0] : [23, 59, 59];
  if (clock.some((part, index) => part !== wanted[index])) return undefined;
  if (end === "start" && whole(point.millisecond) !== 0) return undefined;
  const parts = [whole(point.year), whole(point.month), whole(point.day)];
  if (parts.some((part) => !Number.isInteger(part) || part < 1)) return undefined;
  const [year = 1, month = 1, day = 1] = parts;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
