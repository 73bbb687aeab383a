// What stands before the servers in a deploy: it hands every new connection to the server that is in charge, and leaves
// those that there are where they are.

import { once } from "node:events";
import { connect, createServer } from "node:net";

const HOST = "127.0.0.1";

/** Listens on a free port, with the server on this one in charge. */
export async function startBalancer(port) {
  const balancer = new Balancer(port);
  await balancer.listening;
  return balancer;
}

class Balancer {
  #inCharge;
  #listener;

  constructor(port) {
    this.#inCharge = port;
    // What one side has said is passed on to its end, also when the other has nothing more to say.
    this.#listener = createServer({ allowHalfOpen: true }, (client) => {
      const server = connect({ port: this.#inCharge, host: HOST, allowHalfOpen: true });
      client.on("error", () => server.destroy());
      server.on("error", () => client.destroy());
      client.pipe(server).pipe(client);
    });
    this.listening = once(this.#listener.listen(0, HOST), "listening");
  }

  /** The first argument of phoenix.js' `Socket`. */
  get socketUrl() {
    return `ws://${HOST}:${this.#listener.address().port}/socket`;
  }

  /** From now on the server on this port gets the new connections. */
  handOver(port) {
    this.#inCharge = port;
  }

  stop() {
    this.#listener.close();
  }
}
