/** The lines of a log in logfmt whose message is the one given. */
export function linesWith(log: string, message: string): readonly string[] {
  return log.split("\n").filter((line) => messageOf(line) === message);
}

/** The messages of a log in logfmt, in their order. */
export function messagesOf(log: string): readonly string[] {
  return log.split("\n").filter((line) => line !== "").map(messageOf);
}

/** The message of a line; a line without one stands for itself, so that no test overlooks it. */
function messageOf(line: string): string {
  const [, quoted, plain] = / msg=(?:"([^"]*)"|(\S+))/.exec(line) ?? [];
  return quoted ?? plain ?? line;
}
