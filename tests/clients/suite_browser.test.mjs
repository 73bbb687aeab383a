// The suite of `suite.mjs` in a headless Chromium, for both versions of phoenix.js, with the browser's own WebSocket.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { launch } from "./browser.mjs";
import { startExample } from "./server.mjs";
import { cases } from "./suite.mjs";

const LIMIT = { timeout: 60_000 };
const FILES = {
  "/suite.mjs": "./suite.mjs",
  "/1.8.mjs": "./node_modules/phoenix/priv/static/phoenix.mjs",
  "/1.7.mjs": "./node_modules/phoenix-1-7/priv/static/phoenix.mjs",
};

let server;
let files;
let browser;
let page;

before(async () => {
  server = await startExample("conformance");
  // A server of its own, on this machine: browsers ask before a page of another one may speak to it.
  files = createServer(async ({ url }, response) => {
    const file = FILES[url];
    response.setHeader("content-type", file ? "text/javascript" : "text/html");
    response.end(file ? await readFile(new URL(file, import.meta.url)) : "<!doctype html>");
  });
  files.listen(0, "127.0.0.1");
  await once(files, "listening");
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${files.address().port}/`);
});

after(async () => {
  await browser?.close();
  files?.close();
  await server?.kill();
});

for (const version of ["1.8", "1.7"]) {
  describe(`phoenix.js ${version} in Chromium`, () => {
    for (const [number, [name]] of cases.entries()) {
      test(name, LIMIT, () => page.evaluate(
        async ({ version, number, url }) => {
          const phoenix = await import(`./${version}.mjs`);
          const { cases, environment } = await import("./suite.mjs");
          const made = environment({ phoenix, url, options: {}, run: `browser-${version}` });
          try {
            await cases[number][1](made);
          } finally {
            await made.end();
          }
        },
        { version, number, url: server.url.replace("http", "ws").slice(0, -1) },
      ));
    }
  });
}
