// Starts, kills and restarts the built chat example.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const HOST = "127.0.0.1";
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BINARY = process.env.CHAT_BIN
  ?? fileURLToPath(new URL("../../target/release/examples/chat", import.meta.url));

/** Starts the example on a free port, and comes back when it accepts connections. */
export async function startChat() {
  const chat = new Chat(await freePort());
  await chat.start();
  return chat;
}

class Chat {
  #port;
  #child;

  constructor(port) {
    this.#port = port;
    // A run of tests that breaks off leaves no server behind.
    process.once("exit", () => this.#child?.kill("SIGKILL"));
  }

  /** The page. */
  get url() {
    return `http://${HOST}:${this.#port}/`;
  }

  /** The first argument of phoenix.js' `Socket`. */
  get socketUrl() {
    return `ws://${HOST}:${this.#port}/socket`;
  }

  /** Starts the example, after `kill` on the same port as before. */
  async start() {
    const child = spawn(BINARY, {
      cwd: ROOT,
      env: { ...process.env, HOST, PORT: String(this.#port) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    const ended = new Promise((_, reject) => {
      child.once("error", (cause) => reject(new Error(`${BINARY} does not start, has the example been built?`, { cause })));
      child.once("exit", (code, signal) => reject(new Error(`${BINARY} ended with ${signal ?? code}:\n${output}`)));
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
