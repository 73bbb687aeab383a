//! Frames at random: whatever a client sends, it is served or closed with a code that the documents name.

use crate::{
    Attack,
    attacker::{Attacker, Ended},
    frame::{OpCode, frame},
    innocent::{answered_beside, crowd},
    runtime::Runtime,
    server::Server,
};
use fastrand::Rng;
use std::{
    io::{ErrorKind, Write},
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    time::Duration,
};

pub(crate) const ATTACKS: &[Attack] = &[
    ("of_all_kinds", of_all_kinds),
    ("repeated_without_end", repeated_without_end),
];

/// What `docs/RELIABILITY.md` names for what a client sends.
const CODES: [u16; 5] = [1002, 1007, 1008, 1009, 1011];

/// Of each connection, by default.
const BUDGET: usize = 4 * 1024 * 1024;

/// Crowds of connections, with the innocent client asking all the while.
const ROUNDS: u64 = 20;

/// `SEED=5 cargo test ..` repeats what one seed does.
fn first_seed() -> u64 {
    let chosen = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    chosen.unwrap_or_else(|| fastrand::u64(..u64::MAX / 2))
}

fn of_all_kinds(runtime: Runtime) {
    let server = Server::start(runtime);
    let before = server.state();
    server.forget_peak();
    let seed = AtomicU64::new(first_seed());
    for _ in 0..ROUNDS {
        answered_beside(&server, 10, |_| {
            let seed = seed.fetch_add(1, Relaxed);
            let mut rng = Rng::with_seed(seed);
            let (closes, ended) = connection(&server, &mut rng);
            let is_right = match ended {
                // The client's own code comes back.
                Ended::Closed(code) => closes || CODES.contains(&code),
                // The end of what it sends ends the connection.
                Ended::Broken => true,
                Ended::Crashed => false,
            };
            assert!(is_right, "{ended:?} with SEED={seed}");
        });
        // What is kept for those that are being closed counts as well, and is not for more than a crowd.
        server.wait_until("rid of them", |state| state.connections == 0);
    }
    let peak = server.state().peak;
    let most = before.memory + crowd() * BUDGET;
    assert!(
        peak <= most,
        "{peak} bytes, from {} on, SEED={seed:?}",
        before.memory
    );
    server.forgets_clients(before);
}

/// The same few frames, again and again, from a whole crowd, for as long as the innocent client asks.
fn repeated_without_end(runtime: Runtime) {
    let server = Server::start(runtime);
    let before = server.state();
    server.forget_peak();
    let first = first_seed();
    for seed in first..first + ROUNDS {
        answered_beside(&server, 10, |over| {
            let ended = repetition(&server, &mut Rng::with_seed(seed), over);
            let is_right = ended.is_none_or(|ended| match ended {
                Ended::Closed(code) => CODES.contains(&code),
                Ended::Broken => true,
                Ended::Crashed => false,
            });
            assert!(is_right, "{ended:?} with SEED={seed}");
        });
        // What is kept for those that are being closed counts as well, and is not for more than a crowd.
        server.wait_until("rid of them", |state| state.connections == 0);
    }
    let peak = server.state().peak;
    let most = before.memory + crowd() * BUDGET;
    assert!(
        peak <= most,
        "{peak} bytes, from {} on, SEED={first}",
        before.memory
    );
    server.forgets_clients(before);
}

/// How the server ended it, if it was not the client. What the server sends is not read before.
fn repetition(server: &Server, rng: &mut Rng, over: &AtomicBool) -> Option<Ended> {
    let mut attacker = Attacker::connect(server);
    // Blocked by a server that does not read, it still has to see when it is over.
    let moment = Some(Duration::from_millis(100));
    attacker.stream().set_write_timeout(moment).unwrap();
    let is_inside = rng.bool();
    if is_inside {
        let begin = frame(OpCode::Text, false, b"");
        attacker.send(&begin).unwrap();
    }
    let few: Vec<_> = (0..rng.usize(1..4))
        .flat_map(|_| if is_inside { part(rng) } else { whole(rng) })
        .collect();
    let many = few.repeat(1 + 64 * 1024 / few.len());
    let mut sent = 0;
    while !over.load(Relaxed) {
        match attacker.stream().write(&many[sent..]) {
            Ok(length) => sent = (sent + length) % many.len(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return Some(attacker.ended()),
        }
    }
    None
}

/// What may come in the midst of a message, but for its end.
fn part(rng: &mut Rng) -> Vec<u8> {
    match rng.u8(..6) {
        0 => control(rng),
        _ => frame(OpCode::Continue, false, &noise(rng)),
    }
}

/// What may come between messages: one of them, in fragments or not, or a control frame.
fn whole(rng: &mut Rng) -> Vec<u8> {
    match rng.u8(..3) {
        0 => control(rng),
        1 => frame(OpCode::Binary, true, &noise(rng)),
        _ => {
            let mut message = frame(OpCode::Binary, false, &noise(rng));
            for _ in 0..rng.usize(..4) {
                message.extend(part(rng));
            }
            message.extend(frame(OpCode::Continue, true, &noise(rng)));
            message
        }
    }
}

fn control(rng: &mut Rng) -> Vec<u8> {
    let opcode = if rng.bool() {
        OpCode::Ping
    } else {
        OpCode::Pong
    };
    frame(opcode, true, &vec![0; rng.usize(..126)])
}

/// Often nothing, which costs nothing to send.
fn noise(rng: &mut Rng) -> Vec<u8> {
    let length = rng.choice([0, 0, 0, 1, 10, 1_000, 20_000]).unwrap_or(0);
    vec![0; length]
}

/// Sends some hundred frames, as far as the server takes them, and then no more. Whether a close was among them, and how
/// the server ended it.
fn connection(server: &Server, rng: &mut Rng) -> (bool, Ended) {
    let mut attacker = Attacker::connect(server);
    let mut reader = attacker.reader();
    let habits = Habits::new(rng);
    let mut closes = false;
    std::thread::scope(|scope| {
        let ended = scope.spawn(move || reader.ended());
        for _ in 0..rng.usize(1..400) {
            let frame = habits.frame(rng);
            closes |= frame[0] & 0xf == CLOSE;
            if send_in_pieces(&mut attacker, &frame, rng).is_err() {
                break;
            }
        }
        attacker.finish();
        (closes, ended.join().unwrap())
    })
}

const CLOSE: u8 = 8;

/// What most frames of a connection are like: one that breaks all rules in its first frame shows little.
struct Habits {
    /// Of so many frames one breaks a rule.
    breach: usize,
    opcodes: Vec<u8>,
    /// Of so many one is the last fragment.
    fragments: usize,
    sizes: usize,
}

impl Habits {
    fn new(rng: &mut Rng) -> Self {
        let all = [0, 1, 2, 9, 10];
        Self {
            breach: rng.choice([10, 100, 1000]).unwrap_or(1000),
            opcodes: (0..rng.usize(1..4))
                .filter_map(|_| rng.choice(all))
                .collect(),
            fragments: rng.usize(1..6),
            sizes: rng.choice([2, 130, 5_000, 70_000]).unwrap_or(2),
        }
    }

    fn frame(&self, rng: &mut Rng) -> Vec<u8> {
        let breaks = |rng: &mut Rng| rng.usize(..self.breach) == 0;
        let opcode = if breaks(rng) {
            rng.u8(..16)
        } else {
            rng.choice(self.opcodes.iter().copied()).unwrap_or(1)
        };
        let is_control = opcode & 8 != 0;
        let is_final = if breaks(rng) {
            rng.bool()
        } else {
            is_control || rng.usize(..self.fragments) == 0
        };
        let reserved = if breaks(rng) { rng.u8(..8) << 4 } else { 0 };
        let length = if is_control {
            rng.usize(..126)
        } else {
            rng.usize(..self.sizes)
        };
        let claimed = if breaks(rng) {
            rng.u64(..) >> rng.u32(..64)
        } else {
            length as u64
        };
        let mut bytes = vec![opcode | reserved | u8::from(is_final) << 7];
        put_length(&mut bytes, claimed, !breaks(rng));
        let text = br#"[null,"1","phoenix","heartbeat",{}]"#;
        if rng.bool() {
            bytes.extend(text.iter().cycle().take(length));
        } else {
            bytes.extend((0..length).map(|_| rng.u8(..)));
        }
        bytes
    }
}

/// The rest of a head. The mask is all zeros.
fn put_length(bytes: &mut Vec<u8>, length: u64, is_masked: bool) {
    let mask = u8::from(is_masked) << 7;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=125), _) => bytes.push(mask | short),
        (_, Ok(medium)) => {
            bytes.push(mask | 0x7e);
            bytes.extend(medium.to_be_bytes());
        }
        _ => {
            bytes.push(mask | 0x7f);
            bytes.extend(length.to_be_bytes());
        }
    }
    if is_masked {
        bytes.extend([0; 4]);
    }
}

fn send_in_pieces(attacker: &mut Attacker, bytes: &[u8], rng: &mut Rng) -> std::io::Result<()> {
    let (first, second) = bytes.split_at(rng.usize(..=bytes.len()));
    attacker.send(first)?;
    attacker.stream().flush()?;
    attacker.send(second)
}
