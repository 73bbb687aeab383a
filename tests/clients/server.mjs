// Starts, kills and restarts a built example.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const HOST = "127.0.0.1";
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLES = process.env.EXAMPLES ?? fileURLToPath(new URL("../../target/release/examples", import.meta.url));

/** Starts an example on a free port, and comes back when it accepts connections. */
export async function startExample(name) {
  const example = new Example(join(EXAMPLES, name), await freePort());
  await example.start();
  return example;
}

class Example {
  #binary;
  #port;
  #child;

  constructor(binary, port) {
    this.#binary = binary;
    this.#port = port;
    // A run of tests that breaks off leaves no server behind.
    process.once("exit", () => this.#child?.kill("SIGKILL"));
  }

  /** What a browser opens. */
  get url() {
    return `http://${HOST}:${this.#port}/`;
  }

  /** The first argument of phoenix.js' `Socket`. */
  get socketUrl() {
    return `ws://${HOST}:${this.#port}/socket`;
  }

  /** Starts the example, after `kill` on the same port as before. */
  async start() {
    const child = spawn(this.#binary, {
      cwd: ROOT,
      env: { ...process.env, HOST, PORT: String(this.#port) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    const ended = new Promise((_, reject) => {
      child.once("error", (cause) => reject(new Error(`${this.#binary} does not start, has the example been built?`, { cause })));
      child.once("exit", (code, signal) => reject(new Error(`${this.#binary} ended with ${signal ?? code}:\n${output}`)));
    });
    ended.catch(() => {}); // later on, the end is what `kill` wants
    this.#child = child;
    await Promise.race([accepts(this.#port, child), ended]);
  }

  /** Ends the example; `SIGKILL` gives it no time to say goodbye to its clients. */
  async kill(signal = "SIGKILL") {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
}

async function freePort() {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Connects until somebody answers, or until `child` is gone. */
async function accepts(port, child) {
  while (child.exitCode === null && child.signalCode === null) {
    const socket = connect(port, HOST);
    try {
      await once(socket, "connect");
      return;
    } catch {
      await pause(20);
    } finally {
      socket.destroy();
    }
  }
}
