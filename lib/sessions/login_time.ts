/** The numbers up to 99 with two digits. */
const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

/**
 * A time in the time zone of the process (`TZ`), as `YYYY-MM-DD HH:MM`, like in who(1).
 *
 * @param seconds Since the epoch, up to the end of the year 9999.
 */
export function loginTimeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  const two = (number: number): string => TWO_DIGITS[number] ?? "";
  const year = String(time.getFullYear()).padStart(4, "0");
  const date = `${year}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
