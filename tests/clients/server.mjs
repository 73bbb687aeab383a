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

// A run of tests that breaks off leaves no server behind.
const running = new Set();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Starts an example on a free port, and comes back when it accepts connections. */
export async function startExample(name, environment = {}) {
  const example = new Example(join(EXAMPLES, name), await freePort(), environment);
  await example.start();
  return example;
}

class Example {
  #binary;
  #port;
  #environment;
  #child;

  constructor(binary, port, environment) {
    this.#binary = binary;
    this.#port = port;
    this.#environment = environment;
  }

  get port() {
    return this.#port;
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
      env: { ...process.env, ...this.#environment, HOST, PORT: String(this.#port) },
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
    running.add(child);
    child.once("exit", () => running.delete(child));
    await Promise.race([accepts(this.#port, child), ended]);
  }

  /**
   * Ends the example; `SIGKILL` gives it no time to say goodbye to its clients. Comes back with its exit code, which is
   * `null` where the signal has ended it.
   */
  async kill(signal = "SIGKILL") {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = once(child, "exit");
    child.kill(signal);
    const [code] = await exit;
    return code;
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
