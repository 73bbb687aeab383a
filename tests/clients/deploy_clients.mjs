// The clients of a deploy: what each has under way when its server is told to end, and what it has to get back.

import assert from "node:assert/strict";
import { inbox } from "./suite.mjs";

/** The rooms of all members together; each is in some of them. */
export const ROOMS = 20;
const ROOMS_EACH = 3;
/** Pushes that a member keeps under way, and how many are answered before it counts as busy. */
const WINDOW = 8;
const BUSY = 24;

/** Longer than it takes to tell a server to end, and shorter than it then waits for its handlers. */
const A_WHILE = 500;
const HOUR = 3_600_000;

/** Joins, and notes when it is let in and how its connections end. */
export class Client {
  channels = [];
  /** Of all connections that have ended. */
  closeCodes = [];
  socket;
  /** One for each time that the server has let a channel in. */
  joins = inbox();

  constructor(socket) {
    this.socket = socket;
    socket.onClose(({ code }) => this.closeCodes.push(code));
  }

  join(topic, params = {}) {
    const channel = this.socket.channel(topic, params);
    channel.join().receive("ok", () => this.joins.put(topic));
    this.channels.push(channel);
    return channel;
  }

  /** All channels are in, in whichever order. */
  async allJoined() {
    const joined = [];
    for (const _ of this.channels) joined.push(await this.joins.take());
    assert.deepEqual(joined.sort(), this.channels.map(({ topic }) => topic).sort());
  }

  /** Comes back when the server has answered: it has read all that was sent before, and all its answers have come. */
  settled() {
    return new Promise((resolve) => assert.ok(this.socket.ping(resolve), "the socket is not open"));
  }
}

/** Talks without a pause until its connection ends, and then once more, into the void. */
export class Member extends Client {
  /** All that it has pushed to the first server, in order. */
  said = [];
  /** What it was told by others and itself. */
  heard = new Set();
  /** What should not have come. */
  unexpected = [];
  #answered = [];
  #calls = inbox();
  #rooms;
  #busy;
  #slow;
  #reachesSecond;

  constructor(socket, number) {
    super(socket);
    this.#rooms = Array.from({ length: ROOMS_EACH }, (_, n) => (number + n) % ROOMS);
    for (const room of this.#rooms) this.join(`rooms:${room}`).on("shout", (payload) => this.#hear(payload));
    const [channel] = this.channels;
    const busy = new Promise((resolve) => {
      const say = () => {
        const message = `${this.said.length} of ${number}`;
        this.said.push(message);
        channel.push("shout_reply", { message }).receive("ok", () => {
          this.#answered.push(message);
          if (this.#answered.length === BUSY) resolve();
          say();
        });
      };
      this.#busy = () => {
        for (let n = 0; n < WINDOW; n += 1) say();
        return busy;
      };
    });
    this.#reachesSecond = new Promise((resolve) => {
      socket.onClose(() => channel.push("echo", { away: number }).receive("ok", resolve));
    });
  }

  async isUnderWay() {
    await this.allJoined();
    await this.#busy();
    const slow = this.channels[1].push("slow", { ms: A_WHILE });
    this.#slow = new Promise((resolve) => {
      for (const status of ["ok", "timeout"]) slow.receive(status, () => resolve([status, [...this.closeCodes]]));
    });
    await this.settled();
  }

  async isBack() {
    // The server had read it when it was told to end, so this, too, was answered before the end.
    assert.deepEqual(await this.#slow, ["ok", []]);
    await this.allJoined();
    await this.#reachesSecond;
  }

  /** What was answered of what it has said, in the order of the answers. */
  answered() {
    return [...this.#answered];
  }

  isIn(room) {
    return this.#rooms.includes(room);
  }

  /** Calls all members of a room. */
  call(room) {
    this.channels[this.#rooms.indexOf(room)].push("shout", { call: room });
  }

  /** Comes back when it has heard the calls in its rooms. */
  async hearsCalls() {
    const calls = [];
    for (const _ of this.#rooms) calls.push(await this.#calls.take());
    assert.deepEqual(calls.sort(), [...this.#rooms].sort());
    this.unexpected.push(...this.#calls.rest);
  }

  #hear({ message, call }) {
    if (call !== undefined) {
      this.#calls.put(call);
    } else if (this.heard.has(message) || this.closeCodes.length > 0) {
      this.unexpected.push(message);
    } else {
      this.heard.add(message);
    }
  }
}

/** Has the first server in a handler that does not end. */
export class StuckPush extends Client {
  constructor(socket) {
    super(socket);
    this.join("rooms:stuck");
  }

  async isUnderWay() {
    await this.allJoined();
    this.channels[0].push("slow", { ms: HOUR });
    await this.settled();
  }

  isBack() {
    return this.allJoined();
  }
}

/** Waits to be let in by the first server, which does not decide. */
export class StuckJoin extends Client {
  #opened;

  constructor(socket) {
    super(socket);
    this.#opened = new Promise((resolve) => socket.onOpen(resolve));
    this.join("rooms:slow_join:stuck", () => ({ ms: this.closeCodes.length > 0 ? 0 : HOUR }));
  }

  async isUnderWay() {
    await this.#opened;
    await this.settled();
  }

  isBack() {
    return this.allJoined();
  }
}
