//! Clients that poll: what they publish and do not finish, what they open and do not use, what they ask for and do not
//! fetch.

use crate::{
    Attack,
    innocent::Innocent,
    polling::{Answer, Session},
    runtime::Runtime,
    server::Server,
    settings::Settings,
};
use serde_json::json;
use std::{iter, thread, time::Duration};

pub(crate) const ATTACKS: &[Attack] = &[
    ("bodies_for_a_full_topic", bodies_for_a_full_topic),
    ("bodies_that_do_not_end", bodies_that_do_not_end),
    ("many_posts_at_once", many_posts_at_once),
    ("sessions_without_end", sessions_without_end),
    ("polls_that_are_given_up", polls_that_are_given_up),
    ("more_behind_a_poll", more_behind_a_poll),
    ("answers_that_nobody_reads", answers_that_nobody_reads),
    (
        "half_a_body_when_the_server_ends",
        half_a_body_when_the_server_ends,
    ),
];

const MIB: usize = 1024 * 1024;
/// What one session may keep of what its client sends.
const BUDGET: usize = 4 * MIB;
/// What a body takes besides while it grows, in each of two threads.
const GROWING: usize = 2 * MIB;
/// What a TCP connection with a request costs, most of it trillium's.
const REQUEST: usize = 48 * 1024;

/// A server that waits neither long for messages nor for bodies, so that nobody has to wait for it.
fn start(runtime: Runtime) -> Server {
    let settings = Settings {
        long_poll_window: Some(Duration::from_secs(2)),
        body_timeout: Some(Duration::from_secs(2)),
        ..Settings::default()
    };
    Server::start_with(runtime, &settings)
}

/// An event for a handler that waits, whose frame has this length.
fn slow(length: usize) -> String {
    let frame = |filler: &str| json!(["rooms:1", "1", "rooms:1", "slow", filler]).to_string();
    frame(&"x".repeat(length - frame("").len()))
}

/// Fails if the server has kept more than this since it was told to forget.
fn kept_at_most(server: &Server, before: usize, most: usize) {
    let peak = server.state().peak;
    let kept = peak.saturating_sub(before);
    assert!(kept <= most, "{kept} bytes kept, {most} are to be the most");
}

/// A session whose topic takes nothing more.
fn full(server: &Server) -> Session {
    let session = Session::joined(server, "rooms:1");
    // The first one is with the handler, the next ones wait for it.
    for _ in 0..3 {
        session.publish(&serde_json::from_str(&slow(600 * 1024)).unwrap());
    }
    session
}

fn bodies_for_a_full_topic(runtime: Runtime) {
    const POSTS: usize = 400;
    let server = start(runtime);
    let mut innocent = Innocent::connect(&server);
    let at_first = server.state();
    let session = full(&server);
    let before = server.forget_peak().memory;
    let body = slow(MIB);
    let (first, others) = thread::scope(|scope| {
        let posts: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let asked = iter::repeat_with(|| session.post(body.as_bytes()));
                    let asked: Vec<_> = asked.take(POSTS / 8).collect();
                    asked
                        .into_iter()
                        .map(|asked| asked.answer().unwrap())
                        .collect()
                })
            })
            .collect();
        innocent.is_answered(100);
        let answers = posts
            .into_iter()
            .flat_map(|posts| -> Vec<Answer> { posts.join().unwrap() });
        answers.partition::<Vec<_>, _>(|answer| answer.http == 200)
    });
    // Those for which there was room are not taken in time, or the session ends meanwhile, since nobody polls.
    let is_late = |answer: &Answer| [408, 410].contains(&answer.status);
    assert!(first.iter().all(is_late), "{first:?}");
    assert!(others.iter().all(|answer| answer.http == 429), "{others:?}");
    kept_at_most(&server, before, BUDGET + GROWING + POSTS * REQUEST);
    innocent.is_answered(100);
    drop(innocent);
    server.wait_until("without clients", |state| {
        server.open_gate();
        state.connections == 0
    });
    server.forgets_clients(at_first);
}

fn bodies_that_do_not_end(runtime: Runtime) {
    let server = start(runtime);
    let mut innocent = Innocent::connect(&server);
    let at_first = server.forget_peak();
    let session = Session::joined(&server, "rooms:1");
    let body = slow(MIB);
    let asked: Vec<_> = (0..60)
        .map(|_| session.ask("POST", &body.as_bytes()[..MIB - 1], MIB))
        .collect();
    innocent.is_answered(100);
    for asked in asked {
        let answer = asked.answer().unwrap();
        // The session has ended, if the client did not poll meanwhile.
        let is_refused = [408, 410].contains(&answer.status) || answer.http == 429;
        assert!(is_refused, "{answer:?}");
    }
    kept_at_most(&server, at_first.memory, BUDGET + GROWING + 60 * REQUEST);
    innocent.is_answered(100);
    drop(innocent);
    server.forgets_clients(at_first);
}

/// Each of them is answered when its message is taken, not when its window ends.
fn many_posts_at_once(runtime: Runtime) {
    let server = Server::start(runtime);
    let mut innocent = Innocent::connect(&server);
    let session = Session::joined(&server, "rooms:1");
    for round in 0..30 {
        let echo = json!(["rooms:1", round.to_string(), "rooms:1", "echo", {}]).to_string();
        let asked: Vec<_> = (0..8).map(|_| session.post(echo.as_bytes())).collect();
        for asked in asked {
            assert_eq!(asked.answer().unwrap().status, 200, "in round {round}");
        }
        let mut replies = 0;
        while replies < 8 {
            replies += session.messages().len();
        }
        innocent.is_answered(10);
    }
}

fn sessions_without_end(runtime: Runtime) {
    let server = Server::start(runtime);
    let at_first = server.state();
    let mut innocent = Innocent::connect(&server);
    let before = server.forget_peak().memory;
    let mut refused = 0;
    for _ in 0..3_000 {
        if let Err(answer) = Session::try_open(&server) {
            assert_eq!(answer.http, 429);
            refused += 1;
        }
    }
    assert!(refused >= 2_000, "only {refused} were refused");
    assert!(server.state().connections <= 501);
    kept_at_most(&server, before, 500 * REQUEST);
    innocent.is_answered(100);
    drop(innocent);
    server.forgets_clients(at_first);
    assert!(Session::try_open(&server).is_ok());
}

fn polls_that_are_given_up(runtime: Runtime) {
    let server = start(runtime);
    let at_first = server.state();
    let mut innocent = Innocent::connect(&server);
    let session = Session::joined(&server, "rooms:1");
    let before = server.forget_peak().memory;
    for _ in 0..3_000 {
        drop(session.poll());
    }
    innocent.is_answered(100);
    // It is the session's still, and gets what there is.
    let echo = json!(["rooms:1", "2", "rooms:1", "echo", {"a": 1}]);
    let poll = session.poll();
    assert_eq!(session.publish(&echo).status, 200);
    let answer = poll.answer().unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    kept_at_most(&server, before, 300 * REQUEST);
    drop(innocent);
    server.forgets_clients(at_first);
}

/// A request whose client goes on to send something while it waits for messages.
fn more_behind_a_poll(runtime: Runtime) {
    let server = start(runtime);
    let at_first = server.forget_peak();
    let mut innocent = Innocent::connect(&server);
    let session = Session::joined(&server, "rooms:1");
    let more = vec![b'x'; 16 * MIB];
    let poll = thread::scope(|scope| {
        let writer = scope.spawn(|| session.ask("GET", &more, 0));
        innocent.is_answered(1_000);
        // The server may not take it: then the poll ends by its window, and the rest is no request.
        writer.join().unwrap()
    });
    drop(poll);
    kept_at_most(&server, at_first.memory, MIB);
    drop(innocent);
    server.forgets_clients(at_first);
}

/// A client that polls for what is said to it, again and again, and reads none of the answers.
fn answers_that_nobody_reads(runtime: Runtime) {
    let server = start(runtime);
    let at_first = server.state();
    let mut innocent = Innocent::connect(&server);
    let session = Session::joined(&server, "rooms:1");
    let before = server.forget_peak().memory;
    let filler = "x".repeat(900 * 1024);
    let echo = json!(["rooms:1", "1", "rooms:1", "echo", filler]).to_string();
    let mut unread = Vec::new();
    for _ in 0..60 {
        unread.push(session.poll());
        unread.push(session.post(echo.as_bytes()));
    }
    innocent.is_answered(100);
    kept_at_most(&server, before, 3 * BUDGET + 120 * REQUEST);
    drop(unread);
    drop(innocent);
    server.forgets_clients(at_first);
}

fn half_a_body_when_the_server_ends(runtime: Runtime) {
    let server = start(runtime);
    let session = Session::joined(&server, "rooms:1");
    let nobodys = Session {
        path: session.path.replace("token=", "token=x"),
        ..session.clone()
    };
    let _halves = [
        session.ask("POST", b"[null,", 100),
        nobodys.ask("POST", b"[null,", 100),
        session.ask("GET", b"[null,", 100),
        nobodys.ask("GET", b"[null,", 100),
        nobodys.ask("OPTIONS", b"[null,", 100),
        nobodys.ask("PUT", b"[null,", 100),
    ];
    Innocent::connect(&server).is_answered(100);
    assert!(server.terminate().success());
}
