import type { RecordFields } from "./encode_utmp.ts";
import { login } from "./utmp_file.ts";

const MINUTE = "2025-07-23 12:30";

/** Records that an attacker might cause, and the expected labels of each. */
export const HOSTILE: readonly (readonly [RecordFields, string])[] = [
  [login('quo"te', "pts/0"), 'username="quo\\"te",from="-",tty="pts/0"'],
  [login("new\nline", "pts/1"), 'username="new\\\\x0aline",from="-",tty="pts/1"'],
  [login("back\\slash", "pts/2"), 'username="back\\\\slash",from="-",tty="pts/2"'],
  [login("sham", "pts/3", "\\x0a"), 'username="sham",from="\\\\x5cx0a",tty="pts/3"'],
  [
    login("cr\r\ttab\x07bell\x7f", "pts/4"),
    'username="cr\\\\x0d\\\\x09tab\\\\x07bell\\\\x7f",from="-",tty="pts/4"',
  ],
  [
    login("escape", "pts/5", "\x1b[2J\x1b]0;title\x07"),
    'username="escape",from="\\\\x1b[2J\\\\x1b]0;title\\\\x07",tty="pts/5"',
  ],
  [
    // U+009B is an escape sequence in one character, U+202E reverses the text that follows.
    login("invisible", "pts/6", "\u009b31m\u202etxt"),
    'username="invisible",from="\\\\xc2\\\\x9b31m\\\\xe2\\\\x80\\\\xaetxt",tty="pts/6"',
  ],
  [
    { ...login("", "pts/7"), user: Uint8Array.of(0x61, 0xff, 0xc3, 0x28) },
    'username="a\\\\xff\\\\xc3(",from="-",tty="pts/7"',
  ],
  [login("Žofie", "pts/8", "例え.example"), 'username="Žofie",from="例え.example",tty="pts/8"'],
  [
    login("long", "pts/9", "h".repeat(256)),
    `username="long",from="${"h".repeat(256)}",tty="pts/9"`,
  ],
  [login("markup", "pts/10", "<b>&amp;</b>"), 'username="markup",from="<b>&amp;</b>",tty="pts/10"'],
  [
    login("forged", "pts/11", '"} 1\nunix_user_session_info{username="ghost'),
    'username="forged",from="\\"} 1\\\\x0aunix_user_session_info{username=\\"ghost",tty="pts/11"',
  ],
  // Both have the same key in a metrics library that joins labels without escapes.
  [login("twin", "z", "x,tty:y"), 'username="twin",from="x,tty:y",tty="z"'],
  [login("twin", "y,tty:z", "x"), 'username="twin",from="x",tty="y,tty:z"'],
];

/** The records alone. */
export const RECORDS = HOSTILE.map(([record]) => record);

/** The series of all of them, with TZ=UTC. */
export const INFOS = HOSTILE.map(([, labels]) =>
  `unix_user_session_info{${labels},login_time="${MINUTE}"} 1`
);
