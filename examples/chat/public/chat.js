// The page of the chat example: phoenix.js, the DOM and nothing else. What people write is only ever set as `textContent`.

const element = (id) => document.getElementById(id);

const title = element("title");
const status = element("status");
const entry = element("entry");
const joinForm = element("join-form");
const userField = element("user");
const roomField = element("room-name");
const joinError = element("join-error");
const joinButton = element("join");
const cancelButton = element("cancel");
const roomView = element("room");
const roomActions = element("room-actions");
const copyButton = element("copy-link");
const log = element("log");
const newerButton = element("newer");
const composer = element("composer");
const draft = element("draft");
const sendError = element("send-error");

const LOG_LIMIT = 500;

const { Socket } = await import("/phoenix.mjs").catch((error) => {
  joinError.textContent = "phoenix.js could not be loaded. Has `npm ci --prefix examples` been run?";
  throw error;
});

const socket = new Socket("/socket");

/** The room this page is in or on its way into: see `enter`. */
let room = null;

// ---- The connection ----

let hasBeenOpen = false;

socket.onOpen(() => {
  hasBeenOpen = true;
  showStatus();
});
socket.onClose(showStatus);
socket.onError(showStatus);

/** «Connected» is the whole way: the socket is open and, once in a room, the room is joined (again). */
function showStatus() {
  const connected = socket.isConnected() && !(room?.joins && !room.joined);
  const state = connected ? "connected" : hasBeenOpen ? "reconnecting" : "connecting";
  if (status.dataset.state === state) return; // or it would be read out again
  status.dataset.state = state;
  status.textContent = { connecting: "Connecting…", connected: "Connected", reconnecting: "Reconnecting…" }[state];
}

/** Reasons of refusals, in words. */
const WORDS = {
  "user name too long": "this name is too long (40 characters at most).",
  "message too long": "it is too long (2,000 characters at most).",
  "empty message": "there is nothing in it.",
  "invalid payload": "the server does not understand it.",
  "unmatched topic": "there is no such room.",
  "too many channels joined": "this connection is in too many rooms.",
};

const inWords = (refusal) => WORDS[refusal?.reason] ?? `the server says “${refusal?.reason ?? "no"}”.`;

// ---- In and out of a room ----

function enter(name, user) {
  quit();
  const channel = socket.channel(`rooms:${name}`, { user });
  const here = {
    name,
    user,
    channel,
    joined: false, // at the moment
    joins: 0, // so far; more than one after a reconnect
    announced: true, // whether our own `user:entered` has come since the last join
    sending: null, // the message that waits for its answer
    echoes: [], // own messages that have not come back as broadcasts yet
  };
  room = here;
  showEntry({ busy: true });

  channel.on("user:entered", ({ user: who }) => {
    if (who === here.user && !here.announced) {
      here.announced = true;
      addNote(here.joins > 1 ? `You are back in #${name}` : `You entered #${name}`);
      if (here.joins === 1) addNote("Send the link to somebody, or open it in another tab.");
    } else {
      addNote(`${who} entered`);
    }
  });

  channel.on("new:msg", ({ user: who, body }) => {
    // A broadcast does not say which of two people of the same name has written: ours are those that we wait for.
    const echo = who === here.user ? here.echoes.indexOf(body) : -1;
    if (echo >= 0) here.echoes.splice(echo, 1);
    addMessage(who, body, echo >= 0);
  });

  // The answers come again after every rejoin, which phoenix.js does by itself.
  channel
    .join()
    .receive("ok", () => {
      if (room !== here) return;
      here.joined = true;
      here.joins += 1;
      here.announced = false;
      here.echoes = [];
      if (roomView.hidden) showRoom();
      showSendError("");
      showStatus();
    })
    .receive("error", (refusal) => {
      if (room === here) backToEntry(`You cannot join #${name}: ${inWords(refusal)}`);
    })
    .receive("timeout", () => {
      if (room === here && here.joins === 0) backToEntry("The server does not answer. Try again in a moment.");
    });

  // The connection is lost, or the channel has crashed. phoenix.js joins again.
  channel.onError(() => {
    if (room !== here) return;
    here.joined = false;
    if (here.sending) finishSending("The connection was lost before the server answered. Send it again?");
    showStatus();
  });

  channel.onClose(() => {
    if (room === here) backToEntry(`The server closed #${name}.`);
  });
}

/** Leaves without a word: the caller shows what comes next. */
function quit() {
  const left = room;
  room = null; // first, for `onClose` is called inside of `leave`
  left?.channel.leave();
}

function backToEntry(problem = "") {
  if (room) roomField.value = room.name;
  quit();
  showEntry({ problem });
}

function showEntry({ problem = "", busy = false }) {
  const wasInRoom = entry.hidden;
  entry.hidden = false;
  roomView.hidden = roomActions.hidden = true;
  title.textContent = document.title = "Chat";
  joinError.textContent = problem;
  joinButton.disabled = busy;
  joinButton.textContent = busy ? "Joining…" : "Join";
  cancelButton.hidden = !busy;
  if (!busy) {
    // Without the room in the address a reload stays out of it.
    if (roomOfHash()) history.replaceState(null, "", location.pathname + location.search);
    if (wasInRoom || problem) (problem ? userField : joinButton).focus();
  }
  showStatus();
}

function showRoom() {
  entry.hidden = true;
  roomView.hidden = roomActions.hidden = false;
  log.replaceChildren();
  scrollToEnd();
  draft.readOnly = false;
  unread = 0;
  showTitle();
  if (roomOfHash() !== room.name) history.pushState(null, "", `#${encodeURIComponent(room.name)}`);
  draft.focus();
}

joinForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const user = userField.value.trim();
  const name = roomField.value.trim();
  if (!user || !name) {
    joinError.textContent = user ? "Which room?" : "What is your name?";
    (user ? roomField : userField).focus();
    return;
  }
  remember(user);
  enter(name, user);
});

cancelButton.addEventListener("click", () => backToEntry());
element("leave").addEventListener("click", () => backToEntry());

// ---- Messages ----

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

draft.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
});

draft.addEventListener("input", () => showSendError(""));

/** The draft stays in the field, locked, until the server has taken it: a message that fails is not lost. */
function send() {
  const here = room;
  if (!here || here.sending) return;
  draft.focus();
  if (!here.joined) {
    showSendError("Not connected at the moment. The message stays here; send it when the connection is back.");
    return;
  }
  const body = draft.value.trim();
  const message = { body };
  here.sending = message;
  here.echoes.push(body);
  draft.readOnly = true;
  showSendError("");

  const settle = (problem) => {
    if (here.sending === message) finishSending(problem);
  };
  here.channel
    .push("new:msg", { user: here.user, body })
    .receive("ok", () => settle())
    .receive("error", (refusal) => {
      here.echoes = here.echoes.filter((echo) => echo !== body);
      settle(`Not sent: ${inWords(refusal)}`);
    })
    .receive("timeout", () => settle("The server has not answered. Send it again?"));

  // What is said from here on scrolls in, also for somebody who was reading further up.
  scrollToEnd();
}

function finishSending(problem = "") {
  room.sending = null;
  draft.readOnly = false;
  if (!problem) draft.value = "";
  showSendError(problem);
}

function showSendError(problem) {
  sendError.textContent = problem;
}

function addMessage(who, body, own) {
  const last = log.lastElementChild;
  const more = last?.dataset.who === who && last.classList.contains("own") === own;
  const message = make("article", `message${own ? " own" : ""}${more ? " more" : ""}`);
  message.dataset.testid = "message";
  message.dataset.who = who;
  message.style.setProperty("--hue", hue(who));

  if (!own) {
    const face = make("span", "face", Array.from(who)[0]?.toUpperCase() ?? "?");
    face.setAttribute("aria-hidden", "true");
    message.append(face);
  }
  const byline = make("p", "who");
  const now = new Date();
  const time = make("time", "", now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = now.toISOString();
  byline.append(make("bdi", "", own ? "You" : who), time);
  const text = make("p", "text", body);
  text.dir = "auto";
  message.append(byline, text);
  add(message);

  if (document.hidden && !own) {
    unread += 1;
    showTitle();
  }
}

function addNote(words) {
  const note = make("p", "note", words);
  note.dataset.testid = "note";
  add(note);
}

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/** Always the same colour for the same name. */
function hue(name) {
  let hash = 7;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)) % 360;
  return hash;
}

// ---- Scrolling: stay at the end, unless somebody reads further up ----

let atEnd = true;

function add(line) {
  log.append(line);
  while (log.childElementCount > LOG_LIMIT) log.firstElementChild.remove();
  if (atEnd) scrollToEnd();
  else newerButton.hidden = false;
}

function scrollToEnd() {
  log.scrollTop = log.scrollHeight;
  atEnd = true;
  newerButton.hidden = true;
}

log.addEventListener("scroll", () => {
  atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
  if (atEnd) newerButton.hidden = true;
});

newerButton.addEventListener("click", () => {
  scrollToEnd();
  draft.focus();
});

// A keyboard that comes up, or a draft that grows, takes height away.
new ResizeObserver(() => atEnd && scrollToEnd()).observe(log);

// ---- Title, link, name ----

let unread = 0;

function showTitle() {
  if (!room || roomView.hidden) return;
  title.textContent = `#${room.name}`;
  document.title = `${unread ? `(${unread}) ` : ""}#${room.name} · Chat`;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  showTitle();
});

/** The clipboard is for secure contexts only: `https` or this very machine. */
copyButton.hidden = !navigator.clipboard;
copyButton.addEventListener("click", async () => {
  const copied = await navigator.clipboard.writeText(location.href).then(() => true, () => false);
  copyButton.textContent = copied ? "Copied" : "Not copied";
  setTimeout(() => (copyButton.textContent = "Copy link"), 2000);
});

function roomOfHash() {
  try {
    return decodeURIComponent(location.hash.slice(1)).trim();
  } catch {
    return ""; // a stray `%`
  }
}

/** The name is kept for the tab, not for the browser: two tabs may be two people. */
function remember(user) {
  try {
    sessionStorage.setItem("user", user);
  } catch {
    // Storage can be forbidden. The name is asked for again, then.
  }
}

function remembered() {
  try {
    return sessionStorage.getItem("user") ?? "";
  } catch {
    return "";
  }
}

/** `#room` in the address opens the room, at once if the name is known. */
function followHash() {
  const name = roomOfHash();
  if (name === (room?.name ?? "")) return;
  if (!name) return backToEntry();
  roomField.value = name;
  const user = room?.user ?? remembered();
  if (user) enter(name, user);
  else userField.focus();
}

window.addEventListener("hashchange", followHash);

userField.value = remembered();
socket.connect();
followHash();
if (!room && !userField.value) userField.focus();
