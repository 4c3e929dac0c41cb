const LEAP_YEAR = 2000;
const FIRST_YEAR = 1900;

/** MM/DD of some year: the last day of February counts in either spelling. */
export function isMonthAndDay(text: string): boolean {
  const [, month, day] = /^(\d{2})\/(\d{2})$/.exec(text) ?? [];
  return instantOf(LEAP_YEAR, Number(month), Number(day)) !== null;
}

/** MM/DD/YYYY: a day of the calendar, on or after 01/01/1900, and not in the future. `now` counts as the day that it is in UTC. */
export function isDateOfBirth(text: string, now: number): boolean {
  const [, month, day, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text) ?? [];
  const instant = instantOf(Number(year), Number(month), Number(day));
  return instant !== null && Number(year) >= FIRST_YEAR && instant <= now;
}

/** null for a day that no calendar has, such as 02/30. */
function instantOf(year: number, month: number, day: number): number | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : null;
}
