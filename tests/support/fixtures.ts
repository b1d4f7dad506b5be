import { type LayoutName, LAYOUTS } from "../../lib/utmp/layout.ts";
import { RECORD_TYPES, type UtmpRecord } from "../../lib/utmp/record.ts";

const FOLDER = new URL("../fixtures/", import.meta.url);

/** The files of four ports, and the layout of each. */
export const FIXTURES = [
  ["x86_64.utmp", "384le"],
  ["ppc64.utmp", "384be"],
  ["aarch64.utmp", "400le"],
  ["s390x.utmp", "400be"],
] as const;

/** The files of real ports; the last has other records. */
export const REAL_FILES = [...FIXTURES, ["i386-utmps.utmp", "392le"]] as const;

/** The bytes of a file in `tests/fixtures`. */
export function readFixture(file: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(file, FOLDER));
}

/** The records that the ports wrote, as decoded from the file with this layout. */
export function expectedRecords(name: LayoutName): readonly UtmpRecord[] {
  const rows = Deno.readTextFileSync(new URL("records.tsv", FOLDER)).trimEnd().split("\n");
  return rows.map((row, i) => {
    const cells = row.split("\t");
    const text = (column: number): string => {
      const cell = cells[column];
      if (cell === undefined) throw new SyntaxError(`Cannot parse "${row}": no column ${column}`);
      return cell === "-" ? "" : cell;
    };
    const type = RECORD_TYPES[Number(text(0))];
    if (type === undefined) throw new SyntaxError(`Cannot parse "${row}": no such type`);
    return {
      offset: i * LAYOUTS[name].size,
      type,
      pid: Number(text(1)),
      line: text(2),
      id: text(3),
      user: text(4),
      host: text(5),
      termination: Number(text(10)),
      exit: Number(text(11)),
      session: Number(text(9)),
      seconds: Number(text(6)),
      microseconds: Number(text(7)),
      address: text(8),
    };
  });
}
