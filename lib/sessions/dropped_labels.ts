import type { Session } from "./session.ts";

/** The labels that `--labels.drop` can drop. */
export const DROPPABLE_LABELS = ["username", "from", "tty", "login_time"] as const;

/** One of {@link DROPPABLE_LABELS}. */
export type DroppableLabel = (typeof DROPPABLE_LABELS)[number];

/** Labels that are replaced by the empty string everywhere. */
export type DroppedLabels = ReadonlySet<DroppableLabel>;

/** The parts of a session that are labels. */
export type SessionLabels = Pick<Session, "username" | "from" | "tty">;

/** The labels of a session; those that are dropped are empty. */
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
