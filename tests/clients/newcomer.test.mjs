// phoenix.js chats with the server of README.md, as somebody who follows it has built it: `scripts/test` has made one
// for each way, all in the directory EXAMPLES.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { WebSocket } from "ws";
import { Socket } from "phoenix";
import { startExample } from "./server.mjs";
import { inbox } from "./suite.mjs";

const LIMIT = { timeout: 30_000 };

const answer = (push) =>
  new Promise((resolve) => {
    for (const status of ["ok", "error", "timeout"]) push.receive(status, (response) => resolve([status, response]));
  });

for (const name of readdirSync(process.env.EXAMPLES)) {
  test(`two people chat on ${name}`, LIMIT, async (t) => {
    const server = await startExample(name);
    t.after(() => server.kill());

    const enter = async () => {
      const socket = new Socket(server.socketUrl, { transport: WebSocket });
      t.after(() => new Promise((gone) => socket.disconnect(gone)));
      socket.connect();
      const channel = socket.channel("rooms:lobby");
      const [entered, messages] = [inbox(), inbox()];
      channel.on("user:entered", entered.put);
      channel.on("new:msg", messages.put);
      assert.deepEqual(await answer(channel.join()), ["ok", {}]);
      await entered.take();
      return { channel, entered, messages };
    };
    const ann = await enter();
    const bob = await enter();
    await ann.entered.take();

    const message = { user: "Bob", body: "hello" };
    assert.deepEqual(await answer(bob.channel.push("new:msg", message)), ["ok", {}]);
    assert.deepEqual(await ann.messages.take(), message);
    assert.deepEqual(await bob.messages.take(), message);

    const silence = { user: "Bob", body: "" };
    assert.deepEqual(await answer(bob.channel.push("new:msg", silence)), ["error", { reason: "empty message" }]);
    const [status, response] = await answer(bob.channel.push("new:msg", { user: "Bob" }));
    assert.equal(status, "error");
    assert.match(response.detail, /`body`/);
  });
}
