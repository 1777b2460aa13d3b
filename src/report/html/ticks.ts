// Marks for a time axis at whole years, months or days (UTC), few enough to be read.

export interface Tick {
  readonly time: number;
  readonly label: string;
}

const mostTicks = 9;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Step {
  readonly unit: "day" | "month";
  readonly every: number;
}

const steps: readonly Step[] = [
  ...[1, 2, 7, 14].map((every): Step => ({ unit: "day", every })),
  ...[1, 2, 3, 6, 12, 24, 60, 120, 240].map((every): Step => ({ unit: "month", every })),
];

/** Ticks from `start` to `end` (milliseconds since 1970) with labels such as `2024`, `Mar 2024`. */
export function ticksBetween(start: number, end: number): Tick[] {
  for (const step of steps) {
    const ticks = ticksOf(step, start, end);
    if (ticks.length <= mostTicks) return ticks;
  }
  return [];
}

function ticksOf({ unit, every }: Step, start: number, end: number): Tick[] {
  const ticks: Tick[] = [];
  const from = new Date(start);
  const year = from.getUTCFullYear();
  for (let index = 0; ticks.length <= mostTicks; index += 1) {
    // Months count from the year's start, so that quarters fall on quarters; days from the first.
    const time =
      unit === "month"
        ? Date.UTC(every > 12 ? year - (year % (every / 12)) : year, index * every, 1)
        : Date.UTC(year, from.getUTCMonth(), from.getUTCDate() + index * every);
    if (Number.isNaN(time) || time > end) break;
    if (time >= start) ticks.push({ time, label: labelOf(new Date(time), unit, every) });
  }
  return ticks;
}

function labelOf(date: Date, unit: Step["unit"], every: number): string {
  if (unit === "day") return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""}`;
  return every >= 12
    ? String(date.getUTCFullYear())
    : `${months[date.getUTCMonth()] ?? ""} ${date.getUTCFullYear()}`;
}
