import { Connections, MAX_PIPELINED } from "../../lib/web/connections.ts";
import { assertEquals } from "../support/assert.ts";
import { FakeSocket } from "../support/fake_socket.ts";

const LIMIT = 3;

interface Fixture {
  readonly connections: Connections;
  readonly sockets: readonly FakeSocket[];
  /** Which are closed, by index. */
  readonly closed: () => readonly number[];
}

/** So many connections in their order, to ports from 1. */
function opened(count: number): Fixture {
  const connections = new Connections(LIMIT);
  const sockets = Array.from({ length: count }, (_, i) => new FakeSocket(i + 1));
  for (const socket of sockets) connections.add(socket);
  const closed = (): readonly number[] =>
    sockets.flatMap(({ closings }, i) => closings.includes("destroy") ? [i] : []);
  return { connections, sockets, closed };
}

/** The socket that stands for a connection in its requests: with TLS it is another one. */
function requestOn(index: number): FakeSocket {
  return new FakeSocket(index + 1);
}

for (
  const [count, closed] of [
    [LIMIT - 1, []],
    [LIMIT, []],
    [LIMIT + 1, [0]],
    [LIMIT + 2, [0, 1]],
  ] as const
) {
  Deno.test(`${count} idle connections, at most ${LIMIT}: closed ${JSON.stringify(closed)}`, () => {
    const fixture = opened(count);
    assertEquals(fixture.closed(), [...closed]);
    assertEquals(fixture.connections.size, Math.min(count, LIMIT));
  });
}

Deno.test("the longest idle connection is closed, not the oldest one", () => {
  const { connections, closed } = opened(LIMIT);
  connections.begin(requestOn(0))?.();
  connections.add(new FakeSocket(100));
  assertEquals(closed(), [1]);
});

Deno.test("a busy connection stays open while another one is idle", () => {
  const { connections, closed } = opened(LIMIT);
  connections.begin(requestOn(0));
  connections.begin(requestOn(1));
  const finish = connections.begin(requestOn(1));
  connections.add(new FakeSocket(100));
  assertEquals(closed(), [2]);
  // One of its two requests is still being answered.
  finish?.();
  connections.add(new FakeSocket(101));
  connections.add(new FakeSocket(102));
  assertEquals(closed(), [2]);
});

Deno.test("if all connections are busy, the longest busy one is closed", () => {
  const { connections, closed } = opened(LIMIT);
  for (const index of [2, 0, 1]) connections.begin(requestOn(index));
  connections.add(new FakeSocket(100));
  assertEquals(closed(), [2]);
  assertEquals(connections.size, LIMIT);
});

Deno.test("a closed connection makes room", () => {
  const { connections, sockets, closed } = opened(LIMIT);
  sockets[1]?.close();
  assertEquals(connections.size, LIMIT - 1);
  connections.add(new FakeSocket(100));
  assertEquals(closed(), []);
});

Deno.test("a new connection from a reused port is a different one", () => {
  const { connections, sockets } = opened(LIMIT);
  connections.add(new FakeSocket(1));
  sockets[0]?.close();
  // The end of the old one is not the end of the new one.
  assertEquals(connections.size, LIMIT);
});

Deno.test("connections without an address are distinguished", () => {
  const connections = new Connections(LIMIT);
  const sockets = [new FakeSocket(), new FakeSocket()];
  for (const socket of sockets) connections.add(socket);
  assertEquals(connections.size, 2);
  connections.begin(sockets[0] ?? new FakeSocket());
  connections.drain();
  assertEquals(sockets.map(({ closings }) => closings), [[], ["destroy"]]);
});

Deno.test("draining closes idle connections at once, the others after their response", () => {
  const { connections, closed } = opened(LIMIT);
  const busy = requestOn(1);
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
  const { connections, closed } = opened(LIMIT);
  connections.begin(requestOn(1));
  connections.cut();
  assertEquals([closed(), connections.size], [[0, 1, 2], 0]);
});

for (const count of [MAX_PIPELINED - 1, MAX_PIPELINED, MAX_PIPELINED + 1]) {
  const isOver = count > MAX_PIPELINED;
  Deno.test(`${count} unanswered requests on a connection: ${isOver ? "closed" : "open"}`, () => {
    const { connections } = opened(LIMIT);
    const busy = requestOn(1);
    const begun = Array.from({ length: count }, () => connections.begin(busy));
    assertEquals(begun.filter((finish) => finish === null).length, isOver ? 1 : 0);
    assertEquals(busy.closings, isOver ? ["destroy"] : []);
    // Those that were answered make room for others.
    begun[0]?.();
    assertEquals(connections.begin(requestOn(1)) === null, false);
  });
}
