// The suite of `suite.mjs` in Node, for both versions of phoenix.js.

import { after, before, describe, test } from "node:test";
import { WebSocket } from "ws";
import * as current from "phoenix";
import * as previous from "phoenix-1-7";
import { startExample } from "./server.mjs";
import { cases, environment } from "./suite.mjs";

const LIMIT = { timeout: 30_000 };

let server;
before(async () => (server = await startExample("conformance")));
after(() => server?.kill());

for (const [version, phoenix] of [["1.8", current], ["1.7", previous]]) {
  describe(`phoenix.js ${version} in Node`, () => {
    for (const [name, body] of cases) {
      test(name, LIMIT, async (t) => {
        const url = server.url.replace("http", "ws").slice(0, -1);
        const made = environment({ phoenix, url, options: { transport: WebSocket }, run: version });
        t.after(() => made.end());
        await body(made);
      });
    }
  });
}
