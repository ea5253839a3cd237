import { useTranslation } from "react-i18next";
import { useMemo } from "react";

export interface Formats {
  /** 12,345 */
  number(value: number): string;
  /** 0.5 -> 50 % */
  percent(share: number): string;
  /** US dollars; small amounts keep enough digits to mean something: $0.00031 */
  money(usd: number): string;
  /** 23 Nov 2026, 14:05 in the viewer's zone */
  moment(iso: string | Date): string;
  /** The same with seconds and the zone, for titles and tooltips. */
  exactMoment(iso: string | Date): string;
  day(iso: string | Date): string;
  /** 14:05, where a heading names the day */
  timeOfDay(iso: string | Date): string;
  /** 3 min ago */
  ago(iso: string | Date, now?: number): string;
  /** Seconds as 0.6s, 12s, 3m 5s in English and 0,6 s in Danish */
  duration(seconds: number): string;
}

/** Makes something when it is first asked for, and keeps it. */
/** A day without a time is that day everywhere, not the moment at which it begins in Greenwich. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** A browser takes milliseconds to make a formatter, so each is made when something is first shown with it. */
function build(language: string): Formats {
  const numbers = (options?: Intl.NumberFormatOptions) => once(() => new Intl.NumberFormat(language, options));
  const times = (options: Intl.DateTimeFormatOptions) => once(() => new Intl.DateTimeFormat(language, options));
  const unit = (name: "second" | "minute" | "hour", digits: number) =>
    numbers({ style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: digits });
  const number = numbers();
  const percent = numbers({ style: "percent", maximumFractionDigits: 1 });
  const moment = times({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  const exact = times({ dateStyle: "medium", timeStyle: "long" });
  const day = times({ day: "numeric", month: "short", year: "numeric" });
  const timeOfDay = times({ hour: "2-digit", minute: "2-digit" });
  const relative = once(() => new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }));
  const tenths = unit("second", 1);
  const seconds = unit("second", 0);
  const minutes = unit("minute", 0);
  const hours = unit("hour", 0);

  return {
    number: (value) => number().format(value),
    percent: (share) => percent().format(share),
    money: (usd) =>
      new Intl.NumberFormat(language, {
        style: "currency",
        currency: "USD",
        currencyDisplay: "narrowSymbol",
        ...(usd !== 0 && Math.abs(usd) < 1
          ? { minimumFractionDigits: 2, maximumFractionDigits: Math.min(8, 2 - Math.floor(Math.log10(Math.abs(usd)))) }
          : {}),
      }).format(usd),
    moment: (iso) => moment().format(new Date(iso)),
    exactMoment: (iso) => exact().format(new Date(iso)),
    day: (iso) => day().format(new Date(typeof iso === "string" && DAY.test(iso) ? `${iso}T00:00` : iso)),
    timeOfDay: (iso) => timeOfDay().format(new Date(iso)),
    ago: (iso, now = Date.now()) => {
      const past = (new Date(iso).getTime() - now) / 1000;
      const steps: [Intl.RelativeTimeFormatUnit, number][] = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12]];
      let value = past;
      for (const [name, size] of steps) {
        if (Math.abs(value) < size) return relative().format(Math.round(value), name);
        value /= size;
      }
      return relative().format(Math.round(value), "year");
    },
    duration: (total) => {
      if (total < 10) return tenths().format(total);
      if (total < 60) return seconds().format(total);
      if (total < 3600) return `${minutes().format(Math.floor(total / 60))} ${seconds().format(Math.round(total % 60))}`;
      return `${hours().format(Math.floor(total / 3600))} ${minutes().format(Math.round((total % 3600) / 60))}`;
    },
  };
}

const built = new Map<string, Formats>();

/** Numbers, money and times in the language of the screens. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const language = i18n.language === "en" ? "en-GB" : i18n.language;
    let formats = built.get(language);
    if (!formats) built.set(language, (formats = build(language)));
    return formats;
  }, [i18n.language]);
}
