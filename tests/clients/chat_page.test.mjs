// The page of the chat example in a headless Chromium, as two people use it.
// With `SCREENSHOT_DIR` set, the pictures of the page are written there.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join as pathOf } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { launch } from "./browser.mjs";
import { startExample } from "./server.mjs";

const LIMIT = { timeout: 60_000 };
const PHONE = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const SCREENSHOT_DIR = process.env.SCREENSHOT_DIR;

let chat;
let browser;

before(async () => {
  chat = await startExample("chat");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await chat?.kill();
});

// Everybody has a context, that is a browser profile, of their own. A page that throws fails its test.
let contexts;
let errors;

beforeEach(() => {
  contexts = [];
  errors = [];
});

afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  assert.deepEqual(errors, []);
});

async function visit(path = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(String(error)));
  // What the page's own policy keeps it from loading.
  page.on("console", (line) => line.text().includes("Content Security Policy") && errors.push(line.text()));
  await page.goto(chat.url + path);
  return new Visitor(page);
}

/** A person in front of the page. What is awaited here is what this person sees. */
class Visitor {
  constructor(page) {
    this.page = page;
  }

  get(id) {
    return this.page.getByTestId(id);
  }

  async fillIn(user, room) {
    await this.get("user").fill(user);
    await this.get("room").fill(room);
    await this.get("join").click();
  }

  async join(user, room) {
    await this.fillIn(user, room);
    await this.sees("note", `You entered #${room}`);
    return this;
  }

  async write(text) {
    await this.get("draft").fill(text);
    await this.get("draft").press("Enter");
  }

  /** Waits until some element with this test id has this text. */
  async sees(id, text) {
    await this.get(id).filter({ hasText: text, visible: true }).first().waitFor();
  }

  async isConnectionState(state) {
    await this.page.locator(`[data-testid="status"][data-state="${state}"]`).waitFor();
  }

  async draft() {
    return this.get("draft").inputValue();
  }

  async overflow() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  async screenshot(name) {
    if (!SCREENSHOT_DIR) return;
    await mkdir(SCREENSHOT_DIR, { recursive: true });
    await this.page.screenshot({ path: pathOf(SCREENSHOT_DIR, `${name}.png`) });
  }
}

describe("the chat page", () => {
  test("shows two people each other's arrival and messages", LIMIT, async () => {
    const ann = await (await visit()).join("Ann", "lobby");
    const bob = await (await visit("", { colorScheme: "dark" })).join("Bob", "lobby");
    await ann.sees("note", "Bob entered");
    await bob.isConnectionState("connected");
    assert.equal(await ann.get("title").textContent(), "#lobby");

    await ann.write("Hello Bob! Is that you in the other window?");
    await bob.sees("message", "Hello Bob!");
    await bob.write("It is. <b>No markup</b> here, though.");
    await ann.sees("message", "<b>No markup</b> here");

    // Everybody's own messages look different from the others', and the draft is gone once it is sent.
    assert.deepEqual(await ann.get("message").evaluateAll((all) => all.map((one) => one.className)), ["message own", "message"]);
    assert.deepEqual(await bob.get("message").evaluateAll((all) => all.map((one) => one.className)), ["message", "message own"]);
    await ann.page.waitForFunction(() => document.querySelector("#draft").value === "");

    await bob.write("The server is written in Rust, and this page talks to it with phoenix.js.");
    await ann.sees("message", "The server is written in Rust");
    await ann.write("So what happens when it restarts?");
    await bob.sees("message", "So what happens");
    await bob.write("The page says so, comes back by itself, and we go on.");
    await ann.sees("message", "we go on");
    await ann.screenshot("chat");
    await bob.screenshot("chat-dark");
  });

  test("does not take somebody else of the same name for oneself", LIMIT, async () => {
    const one = await (await visit()).join("Ann", "twins");
    const other = await (await visit()).join("Ann", "twins");
    await one.sees("note", "Ann entered");
    await one.write("I am Ann");
    await other.sees("message", "I am Ann");
    assert.equal(await one.get("message").getAttribute("class"), "message own");
    assert.equal(await other.get("message").getAttribute("class"), "message");
  });

  test("says that the connection is lost, comes back by itself and goes on", LIMIT, async () => {
    const ann = await (await visit()).join("Ann", "restart");
    const bob = await (await visit()).join("Bob", "restart");
    await ann.sees("note", "Bob entered");
    await ann.write("before");
    await bob.sees("message", "before");

    await chat.kill();
    await ann.isConnectionState("reconnecting");
    await bob.isConnectionState("reconnecting");
    await ann.sees("status", "Reconnecting…");
    // Nothing is sent now, and nothing is lost.
    await ann.write("after");
    await ann.sees("send-error", "Not connected");
    assert.equal(await ann.draft(), "after");
    await ann.screenshot("reconnecting");

    await chat.start();
    for (const person of [ann, bob]) {
      await person.isConnectionState("connected");
      await person.sees("note", "You are back in #restart");
    }
    await ann.sees("message", "before");
    await ann.get("send").click();
    await bob.sees("message", "after");
    await bob.write("welcome back");
    await ann.sees("message", "welcome back");
    assert.equal(await ann.draft(), "");
  });

  test("says in words why a join is refused", LIMIT, async () => {
    const ann = await visit();
    await ann.fillIn("A".repeat(41), "lobby");
    await ann.sees("join-error", "You cannot join #lobby: this name is too long");
    // Another name, and all is well.
    await ann.join("Ann", "lobby");
    assert.equal(await ann.get("join-error").textContent(), "");
  });

  test("says in words why a message is refused, and keeps it", LIMIT, async () => {
    const ann = await (await visit()).join("Ann", "refused");
    await ann.write("   ");
    await ann.sees("send-error", "Not sent: there is nothing in it.");
    assert.equal(await ann.draft(), "   ");
    await ann.write("something");
    await ann.sees("message", "something");
    assert.equal(await ann.get("send-error").textContent(), "");
    assert.equal(await ann.get("message").count(), 1);
  });

  test("leaves the room", LIMIT, async () => {
    const ann = await (await visit()).join("Ann", "doors");
    const bob = await (await visit()).join("Bob", "doors");
    await ann.get("leave").click();
    await ann.get("join-form").waitFor();
    assert.equal(new URL(ann.page.url()).hash, "");

    await bob.write("anybody?");
    await bob.sees("message", "anybody?");
    // Back in the same room, on the same connection: what was said meanwhile has not come in.
    await ann.join("Ann", "doors");
    assert.equal(await ann.get("message").count(), 0);
  });

  test("opens the room of a link, and stays in it after a reload", LIMIT, async () => {
    const room = "café & crème 100%";
    const ann = await visit(`#${encodeURIComponent(room)}`);
    assert.equal(await ann.get("room").inputValue(), room);
    await ann.get("user").fill("Ann");
    await ann.get("user").press("Enter");
    await ann.sees("note", `You entered #${room}`);

    await ann.page.reload();
    await ann.sees("note", `You entered #${room}`);

    // Another link in the same tab is another room, and «back» is the way back.
    await ann.page.goto(`${chat.url}#elsewhere`);
    await ann.sees("note", "You entered #elsewhere");
    await ann.page.goBack();
    await ann.sees("note", `You entered #${room}`);
  });

  test("fits on a phone, whatever is written", LIMIT, async () => {
    const ann = await visit("", PHONE);
    await ann.isConnectionState("connected");
    assert.equal(await ann.overflow(), 0);
    await ann.screenshot("phone-join");

    await ann.join("Ann", "lobby");
    const bob = await (await visit()).join("Bob", "lobby");
    await bob.write("Hi from the desktop. How does it look over there?");
    await ann.sees("message", "Hi from the desktop");
    await ann.write("Like this: nothing to zoom, nothing to scroll sideways.");
    await bob.sees("message", "Like this");
    await bob.write("And the field to write in is always at hand.");
    await ann.sees("message", "always at hand");
    await ann.screenshot("phone");

    await bob.write("W".repeat(400));
    await ann.sees("message", "WWWW");
    await ann.write("W".repeat(400));
    await bob.get("message").filter({ hasText: "WWWW" }).nth(1).waitFor();
    assert.equal(await ann.overflow(), 0);
    // The end is in sight, and so is the field.
    assert.ok(await ann.page.evaluate(() => {
      const log = document.querySelector("#log");
      return log.scrollHeight - log.scrollTop - log.clientHeight < 2;
    }));
    const field = await ann.get("draft").boundingBox();
    assert.ok(field.y + field.height <= PHONE.viewport.height);

    const size = (selector) =>
      ann.page.evaluate((it) => parseFloat(getComputedStyle(document.querySelector(it)).fontSize), selector);
    for (const selector of ["#draft", "#user", "#room-name"]) assert.ok(await size(selector) >= 16);

    await ann.get("leave").click();
    await ann.join("Ann", "r".repeat(200));
    assert.equal(await ann.overflow(), 0);
  });
});
