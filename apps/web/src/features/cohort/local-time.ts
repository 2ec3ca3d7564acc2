const pad = (value: number): string => String(value).padStart(2, '0');

/** A day as a date field wants it, in the viewer's zone. */
export function localDate(at: Date): string {
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** A minute as a date-time field wants it, in the viewer's zone. */
export function localMinute(at: Date): string {
  return `${localDate(at)}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** The next full hour: a likelier start of a class than now. */
export function nextHour(now: Date): Date {
  const hour = new Date(now);
  hour.setMinutes(60, 0, 0);
  return hour;
}
