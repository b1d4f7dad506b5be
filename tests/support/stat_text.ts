/** A line of proc_pid_stat(5) with this name, terminal device and start in ticks after boot. */
export function statText(name: string, terminal: number, ticks: number): string {
  const before = `S 1 100 100 ${terminal} -1 4194560`;
  return `100 (${name}) ${before} 1 2 3 4 5 6 7 8 20 0 1 0 ${ticks} 10000 500 0 0\n`;
}
