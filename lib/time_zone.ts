/**
 * Whether the value of `TZ` is a time zone that the runtime knows. It takes the names of the tz database
 * only: with anything else, as the POSIX form `CET-1CEST`, it silently counts in UTC.
 */
export function isKnownTimeZone(value: string): boolean {
  const name = value.replace(/^:/, "").replace(/^\/usr\/share\/zoneinfo\/(posix\/)?/, "");
  if (name === "" || name === "/etc/localtime") return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
