import type { Session } from "./session.ts";

/** The labels that `--labels.drop` can drop. */
export const DROPPABLE_LABELS = ["username", "from", "tty", "login_time"] as const;

/** One of {@link DROPPABLE_LABELS}. */
export type DroppableLabel = (typeof DROPPABLE_LABELS)[number];

/** Labels that must not leave the machine: they read as the empty string wherever they would be shown. */
export type DroppedLabels = ReadonlySet<DroppableLabel>;

/** The part of a session that labels show, without what is dropped. */
export type SessionLabels = Pick<Session, "username" | "from" | "tty">;

/** The texts of a session as they may be shown. */
export function sessionLabels(
  { username, from, tty }: SessionLabels,
  dropped: DroppedLabels,
): SessionLabels {
  return {
    username: dropped.has("username") ? "" : username,
    from: dropped.has("from") ? "" : from,
    tty: dropped.has("tty") ? "" : tty,
  };
}
