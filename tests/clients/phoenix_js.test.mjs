// phoenix.js, the client that Phoenix itself ships, against the chat example: the same cases for the current version and
// for the last one of 1.7. Tests wait for what the server sends, never for a time; the limit is for a server that is silent.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { WebSocket } from "ws";
import * as current from "phoenix";
import * as previous from "phoenix-1-7";
import { startExample } from "./server.mjs";
import { inbox } from "./suite.mjs";

const LIMIT = { timeout: 30_000 };

let chat;
before(async () => (chat = await startExample("chat")));
after(() => chat?.kill());

// Every test has a room of its own, so that none hears another.
let rooms = 0;
const newRoom = () => `rooms:${++rooms}`;

/** The answer to a push or a join: `[status, response]`. */
const answer = (push) =>
  new Promise((resolve) => {
    for (const status of ["ok", "error", "timeout"]) push.receive(status, (response) => resolve([status, response]));
  });

/** The events of a channel, and of an event only. */
function events(channel, event) {
  const box = inbox();
  channel.on(event, box.put);
  return box;
}

/** All frames of a socket from now on, also those that phoenix.js keeps from its channels. */
function frames(socket) {
  const box = inbox();
  socket.onMessage(({ join_ref, ref, topic, event, payload }) => box.put({ join_ref, ref, topic, event, payload }));
  return box;
}

/** Comes back when the server has answered: all that it had sent before has arrived, too. */
const settled = (socket) => new Promise((resolve) => assert.ok(socket.ping(resolve), "the socket is not open"));

const OK = ["ok", {}];

for (const [version, { Socket }] of [["1.8", current], ["1.7", previous]]) {
  describe(`phoenix.js ${version}`, () => {
    /** A test with sockets that are gone at its end, also when it has run out of time: a socket that stays keeps Node alive. */
    function it(name, body) {
      test(name, LIMIT, async (t) => {
        const connect = (options = {}) => {
          const socket = new Socket(chat.socketUrl, {
            params: {},
            transport: WebSocket,
            reconnectAfterMs: () => 20,
            ...options,
          });
          t.after(() => new Promise((gone) => socket.disconnect(gone)));
          socket.connect();
          return socket;
        };
        await body(connect);
      });
    }

    /** A channel that has been joined and has seen its own entry, so that what it gets next is of others. */
    async function join(socket, topic, user) {
      const channel = socket.channel(topic, { user });
      const entered = events(channel, "user:entered");
      const messages = events(channel, "new:msg");
      assert.deepEqual(await answer(channel.join()), OK);
      assert.deepEqual(await entered.take(), { user });
      return { channel, entered, messages };
    }

    it("joins", async (connect) => {
      const channel = connect().channel(newRoom());
      assert.deepEqual(await answer(channel.join()), OK);
      assert.equal(channel.state, "joined");
    });

    it("joins without a name", async (connect) => {
      const channel = connect().channel(newRoom());
      const entered = events(channel, "user:entered");
      channel.join();
      assert.deepEqual(await entered.take(), { user: "somebody" });
    });

    it("joins with parameters, which everybody in the room sees", async (connect) => {
      const topic = newRoom();
      const ann = await join(connect(), topic, "Ann");
      await join(connect(), topic, "Bob");
      assert.deepEqual(await ann.entered.take(), { user: "Bob" });
    });

    it("has a push answered with ok", async (connect) => {
      const { channel } = await join(connect(), newRoom(), "Ann");
      assert.deepEqual(await answer(channel.push("new:msg", { user: "Ann", body: "hello" })), OK);
    });

    it("has a push answered with an error", async (connect) => {
      const { channel } = await join(connect(), newRoom(), "Ann");
      const refused = ["error", { reason: "empty message" }];
      assert.deepEqual(await answer(channel.push("new:msg", { user: "Ann", body: "" })), refused);
      assert.deepEqual(await answer(channel.push("new:msg", { user: "Ann", body: " \n" })), refused);
    });

    it("is told which field of a payload is missing", async (connect) => {
      const { channel } = await join(connect(), newRoom(), "Ann");
      const [status, response] = await answer(channel.push("new:msg", { user: "Ann" }));
      assert.equal(status, "error");
      assert.equal(response.reason, "invalid payload");
      assert.match(response.detail, /`body`/);
      // The client was wrong, the channel is as well as before.
      assert.deepEqual(await answer(channel.push("new:msg", { user: "Ann", body: "again" })), OK);
    });

    it("is told that an event has no handler", async (connect) => {
      const { channel } = await join(connect(), newRoom(), "Ann");
      assert.deepEqual(await answer(channel.push("dance", {})), ["error", { reason: "unmatched event" }]);
    });

    it("has pushes answered that were made before the join was", async (connect) => {
      const channel = connect().channel(newRoom(), { user: "Ann" });
      channel.join();
      assert.deepEqual(await answer(channel.push("new:msg", { user: "Ann", body: "early" })), OK);
    });

    it("hears a broadcast on both sockets, the sender's own included", async (connect) => {
      const topic = newRoom();
      const ann = await join(connect(), topic, "Ann");
      const bob = await join(connect(), topic, "Bob");
      const message = { user: "Ann", body: "Grüße 👋 \u2028 <b>&amp;</b>" };
      assert.deepEqual(await answer(ann.channel.push("new:msg", message)), OK);
      assert.deepEqual(await ann.messages.take(), message);
      assert.deepEqual(await bob.messages.take(), message);
    });

    it("hears broadcasts in the order in which they were sent", async (connect) => {
      const topic = newRoom();
      const ann = await join(connect(), topic, "Ann");
      const bob = await join(connect(), topic, "Bob");
      const bodies = Array.from({ length: 200 }, (_, i) => `message ${i}`);
      for (const body of bodies) ann.channel.push("new:msg", { user: "Ann", body });
      for (const body of bodies) assert.deepEqual(await bob.messages.take(), { user: "Ann", body });
    });

    it("is refused by the join, which is an error of the join and not of the channel", async (connect) => {
      const socket = connect();
      const channel = socket.channel(newRoom(), { user: "A".repeat(41) });
      const errors = events(channel, "phx_error");
      channel.onError(errors.put);
      channel.onClose(errors.put);
      assert.deepEqual(await answer(channel.join()), ["error", { reason: "user name too long" }]);
      await settled(socket);
      assert.deepEqual(errors.rest, []);
    });

    it("leaves, and hears nothing any more", async (connect) => {
      const topic = newRoom();
      const socket = connect();
      const ann = await join(socket, topic, "Ann");
      const bob = await join(connect(), topic, "Bob");
      assert.deepEqual(await ann.entered.take(), { user: "Bob" });

      const closed = inbox();
      ann.channel.onClose(closed.put);
      const joinRef = ann.channel.joinRef();
      const received = frames(socket);
      assert.deepEqual(await answer(ann.channel.leave()), OK);
      await closed.take();
      assert.equal(ann.channel.state, "closed");
      // phoenix.js says «ok» to `leave` by itself, so here is what the server says.
      const { ref: leaveRef, ...reply } = await received.take();
      assert.match(leaveRef, /^\d+$/);
      assert.deepEqual(reply, { join_ref: joinRef, topic, event: "phx_reply", payload: { status: "ok", response: {} } });
      assert.deepEqual(await received.take(), { join_ref: joinRef, ref: joinRef, topic, event: "phx_close", payload: {} });

      assert.deepEqual(await answer(bob.channel.push("new:msg", { user: "Bob", body: "anybody?" })), OK);
      assert.deepEqual(await bob.messages.take(), { user: "Bob", body: "anybody?" });
      await settled(socket);
      assert.deepEqual(received.rest.filter((frame) => frame.topic === topic), []);
    });

    it("joins again after it has left", async (connect) => {
      const topic = newRoom();
      const socket = connect();
      const first = await join(socket, topic, "Ann");
      await answer(first.channel.leave());
      const second = await join(socket, topic, "Ann");
      assert.deepEqual(await answer(second.channel.push("new:msg", { user: "Ann", body: "back" })), OK);
      assert.deepEqual(await second.messages.take(), { user: "Ann", body: "back" });
    });

    it("has two topics on one socket, which are kept apart", async (connect) => {
      const socket = connect();
      const one = await join(socket, newRoom(), "Ann");
      const two = await join(socket, newRoom(), "Ann");
      assert.deepEqual(await answer(one.channel.push("new:msg", { user: "Ann", body: "one" })), OK);
      assert.deepEqual(await answer(two.channel.push("new:msg", { user: "Ann", body: "two" })), OK);
      assert.deepEqual(await one.messages.take(), { user: "Ann", body: "one" });
      assert.deepEqual(await two.messages.take(), { user: "Ann", body: "two" });
      await settled(socket);
      assert.deepEqual([one.messages.rest, two.messages.rest], [[], []]);
      // One is left, the other stays.
      await answer(one.channel.leave());
      assert.deepEqual(await answer(two.channel.push("new:msg", { user: "Ann", body: "still here" })), OK);
    });

    it("is told that a topic is unknown", async (connect) => {
      const channel = connect().channel("kitchen:1");
      assert.deepEqual(await answer(channel.join()), ["error", { reason: "unmatched topic" }]);
    });

    it("replaces its own channel by a second one for the same topic", async (connect) => {
      const topic = newRoom();
      const socket = connect();
      const older = await join(socket, topic, "Ann");
      const closed = inbox();
      older.channel.onClose(closed.put);
      const newer = await join(socket, topic, "Ann");
      await closed.take();
      assert.equal(older.channel.state, "closed");
      assert.deepEqual(await answer(newer.channel.push("new:msg", { user: "Ann", body: "once" })), OK);
      assert.deepEqual(await newer.messages.take(), { user: "Ann", body: "once" });
      await settled(socket);
      assert.deepEqual([older.messages.rest, newer.messages.rest], [[], []]);
    });

    it("has its heartbeats answered", async (connect) => {
      const socket = connect({ heartbeatIntervalMs: 500 });
      const closes = inbox();
      socket.onClose(closes.put);
      const received = frames(socket);
      // phoenix.js sends the second one only if the first has been answered; without an answer it would close.
      for (let beat = 0; beat < 2; beat += 1) {
        const { ref, ...reply } = await received.take();
        assert.match(ref, /^\d+$/);
        const payload = { status: "ok", response: {} };
        assert.deepEqual(reply, { join_ref: null, topic: "phoenix", event: "phx_reply", payload });
      }
      assert.deepEqual(closes.rest, []);
    });

    for (const signal of ["SIGKILL", "SIGTERM"]) {
      it(`joins again by itself after a restart of the server (${signal})`, async (connect) => {
        const topic = newRoom();
        const answers = inbox();
        const members = ["Ann", "Bob"].map((user) => {
          const channel = connect().channel(topic, { user });
          channel.join().receive("ok", () => answers.put(user));
          return { channel, messages: events(channel, "new:msg"), lost: events(channel, "phx_error") };
        });
        const both = async () => [await answers.take(), await answers.take()].sort();
        assert.deepEqual(await both(), ["Ann", "Bob"]);

        await chat.kill(signal);
        for (const member of members) await member.lost.take();
        await chat.start();
        assert.deepEqual(await both(), ["Ann", "Bob"]);

        const [ann, bob] = members;
        const message = { user: "Bob", body: "we are back" };
        assert.deepEqual(await answer(bob.channel.push("new:msg", message)), OK);
        assert.deepEqual(await ann.messages.take(), message);
        assert.deepEqual(await bob.messages.take(), message);
      });
    }
  });
}

// What phoenix.js never sends, but other clients do, frame by frame.
describe("plain frames", () => {
  /** A connection with `send` and `next`, closed at the end of the test. */
  function it(name, query, body) {
    test(name, LIMIT, async (t) => {
      const connection = new WebSocket(`${chat.socketUrl}/websocket${query}`);
      t.after(() => connection.terminate());
      const received = inbox();
      connection.on("message", (data, binary) => received.put(binary ? data : JSON.parse(data)));
      await once(connection, "open");
      await body({ send: (frame) => connection.send(JSON.stringify(frame)), next: received.take });
    });
  }

  for (const query of ["?vsn=1.0.0", ""]) {
    it(`speaks version 1 (${query || "no version asked for"})`, query, async ({ send, next }) => {
      const topic = newRoom();
      const ok = { status: "ok", response: {} };
      send({ topic, event: "phx_join", payload: { user: "Ann" }, ref: "1" });
      assert.deepEqual(await next(), { topic, event: "phx_reply", payload: ok, ref: "1" });
      assert.deepEqual(await next(), { topic, event: "user:entered", payload: { user: "Ann" }, ref: null });

      send({ topic, event: "new:msg", payload: { user: "Ann", body: "old" }, ref: "2" });
      const got = [await next(), await next()];
      const reply = got.find((frame) => frame.event === "phx_reply");
      const broadcast = got.find((frame) => frame.event === "new:msg");
      assert.deepEqual(reply, { topic, event: "phx_reply", payload: ok, ref: "2" });
      assert.deepEqual(broadcast, { topic, event: "new:msg", payload: { user: "Ann", body: "old" }, ref: null });

      send({ topic: "phoenix", event: "heartbeat", payload: {}, ref: "3" });
      assert.deepEqual(await next(), { topic: "phoenix", event: "phx_reply", payload: ok, ref: "3" });

      send({ topic, event: "phx_leave", payload: {}, ref: "4" });
      assert.deepEqual(await next(), { topic, event: "phx_reply", payload: ok, ref: "4" });
      const close = await next();
      assert.deepEqual([close.topic, close.event, close.payload], [topic, "phx_close", {}]);
    });
  }

  it("closes the older channel of two joins, after the answer to the newer", "?vsn=2.0.0", async ({ send, next }) => {
    const topic = newRoom();
    const ok = { status: "ok", response: {} };
    const entered = [null, null, topic, "user:entered", { user: "Ann" }];
    send(["1", "1", topic, "phx_join", { user: "Ann" }]);
    assert.deepEqual(await next(), ["1", "1", topic, "phx_reply", ok]);
    assert.deepEqual(await next(), entered);

    send(["2", "2", topic, "phx_join", { user: "Ann" }]);
    assert.deepEqual(await next(), ["2", "2", topic, "phx_reply", ok]);
    // Of two frames from two channels either may come first.
    const pair = [await next(), await next()];
    assert.deepEqual(pair.find((frame) => frame[3] === "phx_close"), ["1", "1", topic, "phx_close", {}]);
    assert.deepEqual(pair.find((frame) => frame[3] === "user:entered"), entered);

    send(["2", "3", topic, "new:msg", { user: "Ann", body: "once" }]);
    send([null, "4", "phoenix", "heartbeat", {}]);
    const rest = [await next(), await next(), await next()].map(([, , , event]) => event).sort();
    assert.deepEqual(rest, ["new:msg", "phx_reply", "phx_reply"]);
  });
});
