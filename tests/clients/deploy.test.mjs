// A deploy under load: a second server takes over, and the first one gets SIGTERM. phoenix.js comes back by itself, and
// what it had joined is joined again. A balancer stands before the two, as in a rolling deploy: the second server runs
// before the first one ends, so it cannot have its port, and a page that is open does not learn of another address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import * as current from "phoenix";
import * as previous from "phoenix-1-7";
import { startBalancer } from "./balancer.mjs";
import { Client, Member, ROOMS, StuckJoin, StuckPush } from "./deploy_clients.mjs";
import { startExample } from "./server.mjs";

const LIMIT = { timeout: 60_000 };
/** More than the server closes in one batch, so that some still talk to the first server and others to the second. */
const MEMBERS = 60;
/** The end of a server with the default configuration: a promise, also while a handler hangs. */
const PROMISED = 10_000;

/** Two servers and a balancer before them, until the end of the test. */
async function deploy(t, runtime) {
  const [first, second] = await Promise.all([1, 2].map(() => startExample("conformance", { RUNTIME: runtime })));
  const balancer = await startBalancer(first.port);
  t.after(() => Promise.all([balancer.stop(), first.kill(), second.kill()]));
  return {
    url: balancer.socketUrl,
    /** The exit code of the first server. */
    async handOver() {
      balancer.handOver(second.port);
      const late = pause(PROMISED, "still running", { ref: false });
      return Promise.race([first.kill("SIGTERM"), late]);
    },
  };
}

const all = (clients, what) => Promise.all(clients.map(what));

for (const runtime of ["smol", "tokio"]) {
  // 1.7 polls in browsers only.
  test(`phoenix.js 1.8 polls on after a deploy on ${runtime}`, LIMIT, async (t) => {
    const { url, handOver } = await deploy(t, runtime);
    const socket = new current.Socket(url, { transport: current.LongPoll });
    t.after(() => new Promise((gone) => socket.disconnect(gone)));
    const client = new Client(socket);
    const channel = client.join("rooms:polled");
    socket.connect();
    const answered = () => new Promise((resolve) => channel.push("ok_empty", {}).receive("ok", resolve));

    await client.allJoined();
    await answered();
    assert.equal(await handOver(), 0);
    await client.allJoined();
    await answered();
    // There is no close for those who poll: phoenix.js has a code of its own for each way to notice.
    assert.equal(client.closeCodes.length, 1);
  });

  for (const [version, phoenix] of [["1.8", current], ["1.7", previous]]) {
    test(`phoenix.js ${version} loses no join in a deploy on ${runtime}`, LIMIT, async (t) => {
      const { url, handOver } = await deploy(t, runtime);
      const connect = (options = {}) => {
        const socket = new phoenix.Socket(url, { transport: WebSocket, ...options });
        t.after(() => new Promise((gone) => socket.disconnect(gone)));
        socket.connect();
        return socket;
      };
      const members = Array.from({ length: MEMBERS }, (_, number) => new Member(connect(), number));
      const stuck = [new StuckPush(connect()), new StuckJoin(connect())];
      const clients = [...members, ...stuck];

      await all(clients, (client) => client.isUnderWay());
      assert.equal(await handOver(), 0);

      await all(clients, (client) => client.isBack());
      for (const client of clients) {
        assert.deepEqual(client.closeCodes, [1012]);
        for (const channel of client.channels) assert.equal(channel.state, "joined");
      }

      // Whatever has come to be heard was read, and what was read is answered: with what it led to before it.
      const heard = new Set(members.flatMap((member) => [...member.heard]));
      for (const member of members) {
        const answered = member.answered();
        assert.deepEqual(answered, member.said.slice(0, answered.length), "an answer is missing between others");
        for (const message of member.said) {
          assert.equal(heard.has(message), answered.includes(message), `${message} was heard or answered, but not both`);
        }
        for (const message of answered) assert.ok(member.heard.has(message), `${message} was answered, but not heard`);
      }

      // The second server knows everybody.
      for (let room = 0; room < ROOMS; room += 1) members.find((member) => member.isIn(room)).call(room);
      await all(members, (member) => member.hearsCalls());
      await all(members, (member) => member.settled());
      for (const member of members) assert.deepEqual(member.unexpected, []);
    });
  }
}
