// Clients that are neither ours nor phoenix.js, each a program that ends well or not: see docs/CLIENTS.md.

import { spawn } from "node:child_process";
import { once } from "node:events";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startExample } from "./server.mjs";

const LIMIT = { timeout: 120_000 };

let server;
before(async () => (server = await startExample("conformance")));
after(() => server?.kill());

/** Runs a program with the address of the socket as its last argument. */
async function run(program, ...args) {
  assert.ok(program, "scripts/test says where the program is");
  const url = `${server.url.replace("http", "ws")}socket/websocket`;
  const child = spawn(program, [...args, url], { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
}

test("phoenix_channels_client (Rust)", LIMIT, () => run(process.env.RUST_CLIENT));

/** Runs a Python program with the Python that has its packages. */
async function runPython(name) {
  assert.ok(process.env.PYTHONS, "scripts/test says where the Pythons are");
  const python = `${process.env.PYTHONS}/${name}/bin/python`;
  await run(python, fileURLToPath(new URL(`./python/${name}.py`, import.meta.url)));
}

test("phoenix-channels-python-client", LIMIT, () => runPython("join_push_receive"));

test("phx-events (Python)", LIMIT, () => runPython("phx_events_hear"));
