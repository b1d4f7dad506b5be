import manifest from "../deno.json" with { type: "json" };
import {
  environmentName,
  OPTION_NAMES,
  type OptionName,
  OPTIONS,
  usageOf,
} from "../lib/cli/options.ts";

/** Text escaped for roff, so that nothing in it is a request or an escape. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll(/^([.'])/gm, "\\&$1");
}

/** A paragraph of the list of options. */
function option(name: OptionName): string {
  const { defaultValue, help } = OPTIONS[name];
  const text = defaultValue === "" ? help : `${help} Default: ${defaultValue}.`;
  const variable = roff(environmentName(name));
  return `.TP\n.B ${roff(usageOf(name))}\n${roff(text)}\n.br\nVariable: ${variable}`;
}

/** The manual page, unix-user-exporter(8), in the language of man(7), with its date as `2026-11-26`. */
function manPage(date: string): string {
  const options = OPTION_NAMES.map((name) => option(name));
  return `.TH UNIX\\-USER\\-EXPORTER 8 "${date}" "unix\\-user\\-exporter ${manifest.version}"
.SH NAME
unix\\-user\\-exporter \\- tell Prometheus who is logged in
.SH SYNOPSIS
.B unix\\-user\\-exporter
[\\fIFLAG\\fR ...]
.SH DESCRIPTION
Serves the login sessions of a Linux machine as metrics for Prometheus. It reads the utmp file and
the session files of systemd\\-logind, and needs only read access. If they cannot be read, the session
metrics are absent rather than 0.
.SH OPTIONS
\\-flag, \\-\\-flag value and \\-\\-flag=value are equivalent. A flag has priority over its variable.
${options.join("\n")}
.SH EXIT STATUS
0 after SIGTERM or SIGINT, or if a one\\-shot mode succeeded; 1 if a one\\-shot mode failed or the
exporter could not listen; 2 for an unknown flag, an invalid value or an invalid web configuration.
.SH FILES
.TP
.I /etc/default/unix\\-user\\-exporter, /etc/sysconfig/unix\\-user\\-exporter
Flags and variables of the service: the first on Debian and Ubuntu, the second on distributions with
RPM.
.TP
.I /run/utmp, /run/systemd/sessions
Where the sessions are read from.
.TP
.I /usr/share/doc/unix\\-user\\-exporter/examples/host.conf
A drop\\-in of the service for \\-\\-path.procfs and \\-\\-path.devfs.
.TP
.I /usr/share/doc/unix\\-user\\-exporter/examples/past\\-logins.conf
A drop\\-in of the service for \\-\\-wtmp\\-path and \\-\\-btmp\\-path.
.SH SEE ALSO
.BR utmp (5),
.BR loginctl (1),
.BR who (1)
`;
}

// The time of the commit, in seconds since the epoch.
const date = new Date(Number(Deno.env.get("SOURCE_DATE_EPOCH")) * 1000).toISOString().slice(0, 10);
await Deno.stdout.write(new TextEncoder().encode(manPage(date)));
