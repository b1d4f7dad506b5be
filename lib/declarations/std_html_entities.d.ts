/** Replaces `& < > " '` by character references. */
export function escape(str: string): string;
