/**
 * A time in the time zone of the process (`TZ`), as `YYYY-MM-DD HH:MM`, like in who(1).
 *
 * @param seconds Since the epoch, up to the end of the year 9999.
 */
export function loginTimeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const year = String(time.getFullYear()).padStart(4, "0");
  const date = `${year}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
