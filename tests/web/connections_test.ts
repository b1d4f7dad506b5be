import { Connections, MAX_PIPELINED } from "../../lib/web/connections.ts";
import { assertEquals } from "../support/assert.ts";
import { FakeSocket } from "../support/fake_socket.ts";

const LIMIT = 3;

/** Open connections, from the ports 1, 2 and so on. */
class Fixture {
  readonly connections = new Connections(LIMIT);
  readonly sockets: readonly FakeSocket[];

  constructor(count = LIMIT) {
    this.sockets = Array.from({ length: count }, (_, i) => new FakeSocket(i + 1));
    for (const socket of this.sockets) this.connections.add(socket);
  }

  /** Which are closed, by index. */
  closed = (): readonly number[] =>
    this.sockets.flatMap(({ closings }, i) => closings.includes("destroy") ? [i] : []);

  /** Begins a request on a connection. With TLS, the socket of a request is another one. */
  begin = (index: number): (() => void) | null => this.connections.begin(new FakeSocket(index + 1));
}

for (const [count, expected] of [[2, []], [3, []], [4, [0]], [5, [0, 1]]] as const) {
  Deno.test(`of ${count} idle connections, at most ${LIMIT}, these are closed: [${expected}]`, () => {
    const { connections, closed } = new Fixture(count);
    assertEquals([closed(), connections.size], [expected, Math.min(count, LIMIT)]);
  });
}

for (
  const [what, prepare, expected] of [
    ["the longest idle one, not the oldest", ({ begin }) => begin(0)?.(), [1]],
    ["an idle one, not the busy ones", ({ begin }) => [begin(0), begin(1)], [2]],
    ["the longest busy one if all are busy", ({ begin }) => [2, 0, 1].map(begin), [2]],
    ["none if one has closed itself", ({ sockets }) => sockets[1]?.close(), []],
  ] as readonly (readonly [string, (fixture: Fixture) => unknown, readonly number[]])[]
) {
  Deno.test(`a connection beyond the limit closes ${what}`, () => {
    const fixture = new Fixture();
    prepare(fixture);
    fixture.connections.add(new FakeSocket(100));
    assertEquals([fixture.closed(), fixture.connections.size], [expected, LIMIT]);
  });
}

Deno.test("a connection with two requests is busy until both are answered", () => {
  const { connections, closed, begin } = new Fixture();
  const [, , finish] = [begin(0), begin(1), begin(1)];
  connections.add(new FakeSocket(100));
  finish?.();
  connections.add(new FakeSocket(101));
  connections.add(new FakeSocket(102));
  assertEquals(closed(), [2]);
});

Deno.test("a new connection from a reused port stays open when the old one ends", () => {
  const { connections, sockets } = new Fixture(LIMIT - 1);
  connections.add(new FakeSocket(1));
  sockets[0]?.close();
  assertEquals(connections.size, LIMIT - 1);
});

Deno.test("connections without an address are distinguished", () => {
  const connections = new Connections(LIMIT);
  const [busy, idle] = [new FakeSocket(), new FakeSocket()];
  for (const socket of [busy, idle]) connections.add(socket);
  assertEquals(connections.size, 2);
  connections.begin(busy);
  connections.drain();
  assertEquals([busy.closings, idle.closings], [[], ["destroy"]]);
});

Deno.test("draining closes idle connections at once, the others after their response", () => {
  const { connections, closed } = new Fixture();
  const busy = new FakeSocket(2);
  const [first, second] = [connections.begin(busy), connections.begin(busy)];
  connections.drain();
  assertEquals([closed(), busy.closings], [[0, 2], []]);
  first?.();
  assertEquals(busy.closings, []);
  second?.();
  assertEquals(busy.closings, ["end"]);
  const late = new FakeSocket(100);
  connections.add(late);
  assertEquals(late.closings, ["destroy"]);
});

Deno.test("cutting closes all connections", () => {
  const { connections, closed, begin } = new Fixture();
  begin(1);
  connections.cut();
  assertEquals([closed(), connections.size], [[0, 1, 2], 0]);
});

for (const [extra, closings] of [[-1, []], [0, []], [1, ["destroy"]]] as const) {
  const count = MAX_PIPELINED + extra;
  Deno.test(`${count} unanswered requests on a connection: closings [${closings}]`, () => {
    const { connections, begin } = new Fixture();
    const busy = new FakeSocket(2);
    const begun = Array.from({ length: count }, () => connections.begin(busy));
    assertEquals(begun.filter((finish) => finish === null).length, closings.length);
    assertEquals(busy.closings, [...closings]);
    // An answered request makes room for another one.
    begun[0]?.();
    assertEquals(begin(1) === null, false);
  });
}
