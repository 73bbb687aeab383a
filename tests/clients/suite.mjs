// Every call that phoenix.js documents, against the `conformance` example, and what the application sees of it. Written
// once, and run in Node and in a browser: nothing of either is used here. A case is `[name, body]`, a `body` is called with
// what `environment` makes. Cases wait for what the server sends, never for a time.

/** Whatever is put in from now on, to be taken one by one, in order. */
export function inbox() {
  const items = [];
  const takers = [];
  return {
    put: (item) => (takers.shift() ?? ((late) => items.push(late)))(item),
    take: () => (items.length ? Promise.resolve(items.shift()) : new Promise((resolve) => takers.push(resolve))),
    get rest() {
      return [...items];
    },
  };
}

/** The answer to a push, a join or a leave: `[status, response]`. */
const answer = (push) =>
  new Promise((resolve) => {
    for (const status of ["ok", "error", "timeout"]) push.receive(status, (response) => resolve([status, response]));
  });

function events(channel, event) {
  const box = inbox();
  channel.on(event, box.put);
  return box;
}

/** Comes back when the server has answered: all that it had sent before has arrived, too. */
const settled = (socket) => new Promise((resolve) => socket.ping(resolve));

const bytes = (...values) => new Uint8Array(values).buffer;
const values = (buffer) => [...new Uint8Array(buffer)];
const OK = ["ok", {}];

function same(actual, expected) {
  const [is, want] = [actual, expected].map((value) => JSON.stringify(value));
  if (is !== want) throw new Error(`is ${is}\nbut should be ${want}`);
}

let topics = 0;

/** What the cases work with: a version of phoenix.js, the address of a server, and options for its sockets. */
export function environment({ phoenix, url, options, run }) {
  const sockets = [];
  return {
    phoenix,
    topic: (kind = "rooms") => `${kind}:${run}-${++topics}`,
    connect(more = {}, mount = "/socket") {
      const quick = { reconnectAfterMs: () => 20, rejoinAfterMs: () => 20 };
      const socket = new phoenix.Socket(url + mount, { ...quick, ...options, ...more });
      sockets.push(socket);
      socket.connect();
      return socket;
    },
    async join(socket, topic, params = {}) {
      const channel = socket.channel(topic, params);
      same(await answer(channel.join()), OK);
      return channel;
    },
    end: () => Promise.all(sockets.map((socket) => new Promise((gone) => socket.disconnect(gone)))),
  };
}

const socketCases = [
  ["connects with parameters, an object or a function", async ({ connect, join, topic }) => {
    for (const params of [{ user: "ann" }, () => ({ user: "ann" })]) {
      const channel = await join(connect({ params }), topic());
      same(await answer(channel.push("whoami", {})), ["ok", { topic: channel.topic, user: "ann" }]);
    }
  }],

  ["connects with nested parameters", async ({ connect, join, topic }) => {
    const channel = await join(connect({ params: { a: { b: "c d", e: { f: "ü" } } } }), topic());
    const [, { params }] = await answer(channel.push("connect_params", {}));
    same([params.a, params.vsn], [{ b: "c d", e: { f: "ü" } }, "2.0.0"]);
  }],

  ["tells when it is open, closed, and in which state", async ({ connect }) => {
    const socket = connect();
    const [opened, closed, not] = [inbox(), inbox(), inbox()];
    socket.onOpen(opened.put);
    socket.onClose(closed.put);
    socket.off([socket.onOpen(not.put)]);
    await opened.take();
    same([socket.isConnected(), socket.connectionState()], [true, "open"]);
    same(socket.endPointURL().includes("vsn=2.0.0"), true);
    const gone = inbox();
    socket.disconnect(gone.put, 1000, "enough");
    await gone.take();
    same([socket.isConnected(), closed.rest.length > 0, not.rest], [false, true, []]);
  }],

  ["tells of an error when nobody is there", async ({ connect }) => {
    const failed = inbox();
    const socket = connect({}, "/nowhere");
    socket.onError(failed.put);
    await failed.take();
    same(socket.isConnected(), false);
  }],

  ["is refused by the application", async ({ connect }) => {
    const failed = inbox();
    connect({ params: { token: "bad" } }).onError(failed.put);
    await failed.take();
  }],

  ["pings", async ({ connect }) => {
    const socket = connect();
    await new Promise((resolve) => socket.onOpen(resolve));
    const roundTrip = await new Promise((resolve) => socket.ping(resolve));
    same([typeof roundTrip, roundTrip >= 0], ["number", true]);
  }],

  ["logs, and hands every message to onMessage", async ({ connect, join, topic }) => {
    const [logged, messages] = [inbox(), inbox()];
    const socket = connect({ logger: (kind) => logged.put(kind) });
    socket.onMessage(({ event }) => messages.put(event));
    await join(socket, topic());
    same(await messages.take(), "phx_reply");
    same(logged.rest.includes("receive"), true);
  }],

  ["connects again and rejoins when the server drains it", async ({ connect, join, topic }) => {
    const socket = connect();
    const closed = inbox();
    socket.onClose((event) => closed.put(event.code));
    const channel = await join(socket, topic());
    const rejoined = inbox();
    channel.joinPush.receive("ok", rejoined.put);
    await rejoined.take(); // of the first join
    channel.push("drain", {});
    same(await closed.take(), 1012);
    await rejoined.take();
    same(await answer(channel.push("ok_empty", {})), OK);
  }],

  ["connects again when it is disconnected by its id", async ({ connect, join, topic }) => {
    const user = topic("user");
    const socket = connect({ params: { user } });
    const [opened, closed] = [inbox(), inbox()];
    socket.onOpen(opened.put);
    socket.onClose((event) => closed.put(event.code));
    await opened.take();
    const other = await join(connect(), topic());
    same(await answer(other.push("kick", { user })), OK);
    same(await closed.take(), 1001);
    await opened.take();
  }],

  ["shows a token outside of its address (from 1.8 on)", async ({ connect, join, topic, phoenix }) => {
    if (!("authToken" in new phoenix.Socket("/", { authToken: "x", transport: class {} }))) return;
    const channel = await join(connect({ authToken: "secret/token?" }, "/authtoken"), topic());
    same(await answer(channel.push("auth_token", {})), ["ok", { auth_token: "secret/token?" }]);
  }],
];

const channelCases = [
  ["joins with ok, error and timeout", async ({ connect, topic }) => {
    const socket = connect();
    const join = (topic, params, timeout) => answer(socket.channel(topic, params).join(timeout));
    same(await join(topic("rooms:welcome")), ["ok", { motd: "hi" }]);
    same(await join(topic("rooms:private")), ["error", { reason: "unauthorized" }]);
    same(await join("kitchen"), ["error", { reason: "unmatched topic" }]);
    same(await join(topic("rooms:params"), { a: [1, null] }), ["ok", { params: { a: [1, null] } }]);
    same((await join(topic("rooms:slow_join"), { ms: 2000 }, 30))[0], "timeout");
  }],

  ["has pushes answered with ok, error and timeout", async ({ connect, join, topic }) => {
    const channel = await join(connect(), topic());
    const payload = { text: "Grüße 👋", list: [1, [2]], none: null };
    same(await answer(channel.push("echo", payload)), ["ok", payload]);
    same(await answer(channel.push("fail", payload)), ["error", payload]);
    same((await answer(channel.push("silent", {}, 30)))[0], "timeout");
    same(await answer(channel.push("dance", {})), ["error", { reason: "unmatched event" }]);
    const limited = await new Promise((resolve) => channel.push("custom_status", {}).receive("rate_limited", resolve));
    same(limited, {});
  }],

  ["has an answer that comes late, behind a younger one", async ({ connect, join, topic }) => {
    const channel = await join(connect(), topic());
    const order = inbox();
    answer(channel.push("late", { ms: 200 })).then(([, response]) => order.put(response));
    answer(channel.push("ok_empty", {})).then(([status]) => order.put(status));
    same([await order.take(), await order.take()], ["ok", { late: true }]);
  }],

  ["pushes before it has joined", async ({ connect, topic }) => {
    const channel = connect().channel(topic());
    channel.join();
    same(await answer(channel.push("echo", { early: true })), ["ok", { early: true }]);
  }],

  ["is told of events until it does not listen any more", async ({ connect, join, topic }) => {
    const socket = connect();
    const channel = await join(socket, topic());
    const [all, first] = [inbox(), inbox()];
    channel.on("n", ({ i }) => all.put(i));
    const reference = channel.on("n", ({ i }) => {
      first.put(i);
      channel.off("n", reference);
    });
    await answer(channel.push("push_many", { count: 3 }));
    await settled(socket);
    same([all.rest, first.rest], [[1, 2, 3], [1]]);
    channel.off("n");
    await answer(channel.push("push_many", { count: 1 }));
    await settled(socket);
    same(all.rest, [1, 2, 3]);
  }],

  ["changes messages on their way with onMessage", async ({ connect, join, topic }) => {
    const channel = await join(connect(), topic());
    channel.onMessage = (event, payload) => (event === "pushed" ? { ...payload, seen: true } : payload);
    const pushed = events(channel, "pushed");
    channel.push("push_me", { x: 1 });
    same(await pushed.take(), { x: 1, seen: true });
  }],

  ["hears broadcasts, with and without its own", async ({ connect, join, topic }) => {
    const room = topic();
    const [ann, bob] = [await join(connect(), room), await join(connect(), room)];
    const [annHears, bobHears] = [events(ann, "shout"), events(bob, "shout")];
    ann.push("shout", { n: 1 });
    ann.push("shout_from", { n: 2 });
    same([await bobHears.take(), await bobHears.take()], [{ n: 1 }, { n: 2 }]);
    bob.push("shout_from", { n: 3 });
    same([await annHears.take(), await annHears.take()], [{ n: 1 }, { n: 3 }]);
  }],

  ["sends and gets bytes", async ({ connect, join, topic }) => {
    const room = topic();
    const [ann, bob] = [await join(connect(), room), await join(connect(), room)];
    const [status, response] = await answer(ann.push("bin_echo", bytes(0, 1, 254, 255)));
    same([status, values(response)], ["ok", [0, 1, 254, 255]]);
    const [failed, error] = await answer(ann.push("bin_fail", bytes(7)));
    same([failed, values(error)], ["error", [7]]);
    same(await answer(ann.push("bin_size", bytes(1, 2, 3))), ["ok", { bytes: 3 }]);
    const [pushed, heard] = [events(ann, "bin"), events(bob, "bin")];
    ann.push("bin_push", { hex: "0a0b" });
    same(values(await pushed.take()), [10, 11]);
    ann.push("bin_broadcast", bytes(9));
    same([values(await pushed.take()), values(await heard.take())], [[9], [9]]);
  }],

  ["crashes, is told, and rejoins by itself", async ({ connect, topic }) => {
    const channel = connect().channel(topic());
    const [joined, errors] = [inbox(), inbox()];
    channel.onError(errors.put);
    channel.join().receive("ok", joined.put);
    await joined.take();
    for (const event of ["boom", "stop_error", "kill"]) {
      channel.push(event, {});
      await errors.take();
      await joined.take();
    }
    same(await answer(channel.push("ok_empty", {})), OK);
  }],

  ["is stopped by the server, and stays away", async ({ connect, join, topic }) => {
    const socket = connect();
    const channel = await join(socket, topic());
    const [closed, errors] = [inbox(), inbox()];
    channel.onClose(closed.put);
    channel.onError(errors.put);
    same(await answer(channel.push("stop_reply", {})), ["ok", { bye: true }]);
    await closed.take();
    await settled(socket);
    same([channel.state, errors.rest], ["closed", []]);
  }],

  ["leaves, and hears nothing any more", async ({ connect, join, topic }) => {
    const [room, socket] = [topic(), connect()];
    const [ann, bob] = [await join(socket, room), await join(connect(), room)];
    const [annHears, bobHears, closed] = [events(ann, "shout"), events(bob, "shout"), inbox()];
    ann.onClose(closed.put);
    same((await answer(ann.leave()))[0], "ok");
    await closed.take();
    bob.push("shout", {});
    await bobHears.take();
    await settled(socket);
    same([ann.state, annHears.rest], ["closed", []]);
    await join(socket, room);
  }],

  ["is replaced by a second channel of the same topic", async ({ connect, join, topic }) => {
    const [room, socket] = [topic(), connect()];
    const older = await join(socket, room);
    const closed = inbox();
    older.onClose(closed.put);
    const newer = await join(socket, room);
    await closed.take();
    const [olderHears, newerHears] = [events(older, "shout"), events(newer, "shout")];
    newer.push("shout", {});
    await newerHears.take();
    await settled(socket);
    same([older.state, olderHears.rest, newerHears.rest], ["closed", [], []]);
  }],

  ["gets what is intercepted in its own way, and hears another topic", async ({ connect, join, topic }) => {
    const [room, other] = [topic("intercepted"), topic("rooms")];
    const [ann, bob] = [
      await join(connect({ params: { user: "ann" } }), room),
      await join(connect({ params: { user: "bob" } }), room),
    ];
    const [annHears, bobHears] = [events(ann, "tagged"), events(bob, "tagged")];
    ann.push("tagged", { skip: "bob" });
    ann.push("tagged", {});
    same([await annHears.take(), await annHears.take()], [{ for: "ann", skip: "bob" }, { for: "ann" }]);
    same(await bobHears.take(), { for: "bob" });
    const [relay, speaker] = [
      await join(connect(), other.replace("rooms", "relay")),
      await join(connect(), other),
    ];
    const relayed = events(relay, "relayed");
    speaker.push("shout", { x: 1 });
    same(await relayed.take(), { topic: other, event: "shout", payload: { x: 1 } });
  }],
];

const pollCases = [
  ["polls where it cannot have a WebSocket", async ({ connect, join, topic, phoenix }) => {
    // phoenix.js polls with fetch or with XMLHttpRequest, whichever its version knows and the platform has.
    if (typeof XMLHttpRequest === "undefined" && !phoenix.LongPoll.toString().includes("AbortController")) return;
    const room = topic();
    const polling = connect({ transport: phoenix.LongPoll, params: { user: "poll" } });
    const channel = await join(polling, room);
    same(await answer(channel.push("whoami", {})), ["ok", { topic: room, user: "poll" }]);
    const other = await join(connect(), room);
    const [pollHears, otherHears] = [events(channel, "shout"), events(other, "shout")];
    other.push("shout", { n: 1 });
    same([await pollHears.take(), await otherHears.take()], [{ n: 1 }, { n: 1 }]);
    channel.push("shout", { n: 2 });
    same([await pollHears.take(), await otherHears.take()], [{ n: 2 }, { n: 2 }]);
    same((await answer(channel.leave()))[0], "ok");
  }],
];

export const cases = [...socketCases, ...channelCases, ...pollCases];
