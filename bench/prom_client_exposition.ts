// @ts-types="../tests/support/declarations/prom_client_gauge.d.ts"
import Gauge from "prom-client/gauge";
// @ts-types="../tests/support/declarations/prom_client_registry_text.d.ts"
import Registry from "prom-client/registry";
import { loginTimeText } from "../lib/sessions/login_time.ts";
import type { Session } from "../lib/sessions/session.ts";

const REGISTRY = new Registry();

function gauge(name: string, ...labelNames: readonly string[]): Gauge {
  return new Gauge({ name, help: "As in the catalog.", labelNames, registers: [REGISTRY] });
}

const INFO = gauge("unix_user_session_info", "username", "from", "tty", "login_time");
const COUNT = gauge("unix_user_session_count", "username");
const BY_IP = gauge("unix_user_session_by_ip", "ip");
const LOGIN = gauge("unix_session_login_timestamp_seconds", "username", "from", "tty");

/** The series of sessions by prom-client's own gauges: what the exposition is measured against. */
export async function promClientExposition(sessions: readonly Session[]): Promise<string> {
  for (const metric of [INFO, COUNT, BY_IP, LOGIN]) metric.reset();
  for (const { username, from, tty, loginTime } of sessions) {
    INFO.set({ username, from, tty, login_time: loginTimeText(loginTime ?? 0) }, 1);
    COUNT.inc({ username });
    BY_IP.inc({ ip: from });
    LOGIN.set({ username, from, tty }, loginTime ?? 0);
  }
  return await REGISTRY.metrics();
}
