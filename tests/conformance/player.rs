//! Plays a scenario against a server.

use crate::{
    client::{Client, PollingClient},
    http::{self, Answer, Request, encoded, query},
    pattern::{Names, bytes},
    scenario::{
        Connect, Expect, ExpectClose, Frames, HttpStep, Nothing, Response, Scenario, Send, Step,
        Vsn,
    },
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    net::{Shutdown, SocketAddr, TcpStream},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tungstenite::{
    Error, HandshakeError,
    handshake::client::{Response as Upgraded, generate_key},
    http::Request as Handshake,
};

/// A frame that takes longer is missing.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it must be quiet where several outcomes are fine.
const QUIET: Duration = Duration::from_millis(300);

/// Where a scenario went wrong.
pub(crate) type Outcome = Result<(), String>;

struct Player<'a> {
    address: SocketAddr,
    scenario: &'a Scenario,
    names: Names,
    clients: HashMap<String, Client>,
    /// Requests that are under way, with their connections.
    background: HashMap<String, (TcpStream, JoinHandle<Option<Answer>>)>,
    last_sent: Instant,
}

/// Plays the courses of a scenario in turn, until one succeeds.
pub(crate) fn play(scenario: &Scenario, address: SocketAddr, uid: &str) -> Outcome {
    let mut wrong = String::new();
    for (number, steps) in scenario.courses().into_iter().enumerate() {
        let mut player = Player {
            address,
            scenario,
            names: Names::new(&format!("{uid}{number}")),
            clients: HashMap::new(),
            background: HashMap::new(),
            last_sent: Instant::now(),
        };
        match player.play(steps) {
            Ok(()) => return Ok(()),
            Err(why) => wrong += &why,
        }
    }
    Err(wrong)
}

impl Player<'_> {
    fn play(&mut self, steps: &[Step]) -> Outcome {
        for (number, step) in steps.iter().enumerate() {
            self.step(step)
                .map_err(|why| format!("    step {}: {why}\n", number + 1))?;
        }
        if self.scenario.ignore_rest {
            return Ok(());
        }
        for (name, client) in &mut self.clients {
            if let Some(frame) = client.left_over() {
                return Err(format!("    at the end {name} has also got {frame}\n"));
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Outcome {
        match step {
            Step::Connect(connect) => self.connect(connect),
            Step::Send(send) => {
                self.send(send);
                Ok(())
            }
            Step::Expect(expect) => self.expect(expect),
            Step::Nothing(nothing) => self.nothing(nothing),
            Step::ExpectClose(close) => self.expect_close(close),
            Step::Http(step) => self.http(step),
            Step::Await(wait) => {
                let (_, request) = self.background.remove(&wait.name).unwrap();
                let answer = request.join().unwrap().ok_or("no answer")?;
                if wait.response().accepts(&answer, &mut self.names) {
                    return Ok(());
                }
                Err(format!("expected {wait:?}, got {answer:?}"))
            }
            Step::Abort { abort } => {
                let (stream, request) = self.background.remove(abort).unwrap();
                stream.shutdown(Shutdown::Both).unwrap();
                request.join().unwrap();
                Ok(())
            }
            Step::Close { close, code } => {
                self.client(close).as_websocket().close(*code);
                Ok(())
            }
            Step::Raw { raw, hex } => {
                self.client(raw).as_websocket().send_raw(&bytes(hex));
                Ok(())
            }
            Step::Wait { wait } => {
                thread::sleep(Duration::from_millis(*wait));
                Ok(())
            }
            Step::Discard { discard, ms } => {
                let client = self.client(discard);
                while client.receive(Duration::from_millis(*ms)).is_some() {}
                Ok(())
            }
            Step::Distinct { distinct } => {
                let values: Vec<_> = distinct.iter().map(|name| self.names.get(name)).collect();
                let mut pairs = values.iter().enumerate();
                if pairs.any(|(index, value)| values[..index].contains(value)) {
                    return Err(format!("{values:?} are not all different"));
                }
                Ok(())
            }
        }
    }

    fn client(&mut self, name: &str) -> &mut Client {
        self.clients.get_mut(name).unwrap()
    }

    fn connect(&mut self, connect: &Connect) -> Outcome {
        let vsn = match &connect.vsn {
            Vsn::Usual => Some(self.scenario.vsn.clone()),
            Vsn::None => None,
            Vsn::Other(vsn) => Some(vsn.clone()),
        };
        let mut pairs = query(&self.names.expand(&Value::Object(connect.query.clone())));
        if connect.raw_query.is_none() {
            pairs.extend(vsn.as_ref().map(|vsn| format!("vsn={}", encoded(vsn))));
        }
        let query = connect.raw_query.clone().unwrap_or_else(|| pairs.join("&"));
        let mount = connect.mount.as_deref().unwrap_or("/socket");
        if connect.transport.is_some() {
            let target = format!("{mount}/longpoll?{query}");
            return self.poll(connect, target, vsn.as_deref() == Some("1.0.0"));
        }
        let target = format!("{mount}/websocket?{query}");
        match (self.upgrade(connect, &target), &connect.refused) {
            (Ok((client, upgraded)), None) => {
                let protocol = upgraded.headers().get("sec-websocket-protocol");
                let protocol = protocol.and_then(|name| name.to_str().ok());
                if protocol != connect.protocol.as_deref() {
                    return Err(format!("the server chose {protocol:?}"));
                }
                self.clients.insert(connect.name.clone(), client);
                Ok(())
            }
            (Err(answer), Some(refused)) if refused.accepts(&answer, &mut self.names) => Ok(()),
            (Ok(_), Some(_)) => Err("connected".into()),
            (Err(answer), _) => Err(format!("refused with {answer:?}")),
        }
    }

    fn upgrade(&self, connect: &Connect, target: &str) -> Result<(Client, Upgraded), Answer> {
        let mut request = Handshake::get(format!("ws://{}{target}", self.address))
            .header("host", self.address.to_string())
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", generate_key());
        if !connect.protocols.is_empty() {
            request = request.header("sec-websocket-protocol", connect.protocols.join(", "));
        }
        for (name, value) in &connect.headers {
            request = request.header(name, self.names.text(value.as_str().unwrap()));
        }
        let stream = TcpStream::connect(self.address).unwrap();
        match tungstenite::client(request.body(()).unwrap(), stream) {
            Ok((socket, response)) => Ok((Client::websocket(socket), response)),
            Err(HandshakeError::Failure(Error::Http(response))) => {
                let headers = response.headers().iter();
                let text = |value: &tungstenite::http::HeaderValue| {
                    value.to_str().unwrap_or_default().to_owned()
                };
                Err(Answer {
                    status: response.status().as_u16(),
                    headers: headers
                        .map(|(name, value)| (name.to_string(), text(value)))
                        .collect(),
                    body: String::from_utf8_lossy(response.body().as_deref().unwrap_or_default())
                        .into_owned(),
                })
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn poll(&mut self, connect: &Connect, target: String, version_1: bool) -> Outcome {
        let mut request = Request::new("GET", target.clone());
        for (name, value) in &connect.headers {
            request = request.header(name, &self.names.text(value.as_str().unwrap()));
        }
        let answer = request
            .send(&mut http::connect(self.address))
            .ok_or("no answer")?;
        let opened: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let Some(token) = opened["token"].as_str() else {
            return Err(format!("no session: {answer:?}"));
        };
        let client = PollingClient {
            address: self.address,
            target,
            token: token.to_owned(),
            token_in_header: connect.token_in.as_deref() == Some("header"),
            version_1,
            unread: VecDeque::new(),
            ended: None,
        };
        let client = Client::Polling(Box::new(client));
        self.clients.insert(connect.name.clone(), client);
        Ok(())
    }

    fn send(&mut self, send: &Send) {
        let names = self.names.clone();
        let client = self.client(&send.name);
        if let Some(parts) = &send.fragments {
            let parts: Vec<_> = parts
                .iter()
                .map(|part| names.text(part).into_bytes())
                .collect();
            client.as_websocket().send_parts(&parts);
        } else if let Some(hex) = &send.text_hex {
            client.as_websocket().send_parts(&[bytes(hex)]);
        } else {
            let repeated = send.text_repeat.as_ref().map(|repeat| {
                let text = repeat.unit.repeat(repeat.times);
                format!("{}{text}{}", repeat.before, repeat.after)
            });
            let text = send.text.as_ref().map(|text| names.text(text)).or(repeated);
            let frames = match (text, &send.hex) {
                (Some(text), _) => vec![json!({ "$text": text })],
                (None, Some(hex)) => vec![json!({ "$hex": hex })],
                (None, None) => {
                    let frames = send.frame.iter().chain(send.frames.iter().flatten());
                    frames.flat_map(|frame| names.each(frame)).collect()
                }
            };
            client.send(&frames);
        }
        self.last_sent = Instant::now();
    }

    fn expect(&mut self, expect: &Expect) -> Outcome {
        thread::sleep(Duration::from_millis(expect.settle_ms));
        let names = self.names.clone();
        let outcomes = expect.outcomes();
        let expanded = |outcome: &Frames| -> (Vec<Value>, bool) {
            let (frames, in_order) = outcome.list();
            (
                frames.iter().flat_map(|frame| names.each(frame)).collect(),
                in_order,
            )
        };
        let outcomes: Vec<_> = outcomes.iter().map(expanded).collect();
        let lengths = || outcomes.iter().map(|(frames, _)| frames.len());
        let (least, most) = (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
        let client = self.client(&expect.name);
        let mut received = Vec::new();
        while received.len() < most {
            // More than the least may be fine, but need not come.
            let patience = if received.len() < least {
                PATIENCE
            } else {
                QUIET
            };
            match client.receive(patience) {
                Some(frame) => received.push(frame),
                None => break,
            }
        }
        let closed = client.closed();
        let fits = |(expected, in_order): &(Vec<Value>, bool)| {
            let mut names = names.clone();
            let fits = if *in_order {
                names.matches(&json!(expected), &json!(received))
            } else {
                names.matches_unordered(expected, &received)
            };
            fits.then_some(names)
        };
        let Some(bound) = outcomes.iter().find_map(fits) else {
            let expected = outcomes.iter().map(|(frames, _)| json!(frames).to_string());
            let expected = expected.collect::<Vec<_>>().join("\n            or ");
            return Err(format!(
                "expected {expected}\n           got {} (closed: {closed:?})",
                json!(received)
            ));
        };
        self.names = bound;
        if expect.then_quiet_ms > 0 {
            return self.quiet(&expect.name, expect.then_quiet_ms);
        }
        Ok(())
    }

    fn nothing(&mut self, nothing: &Nothing) -> Outcome {
        self.quiet(&nothing.name, nothing.ms.unwrap_or(150))
    }

    fn quiet(&mut self, name: &str, milliseconds: u64) -> Outcome {
        let client = self.client(name);
        match (
            client.receive(Duration::from_millis(milliseconds)),
            client.closed(),
        ) {
            (None, None) => Ok(()),
            other => Err(format!("expected nothing, got {other:?}")),
        }
    }

    fn expect_close(&mut self, expect: &ExpectClose) -> Outcome {
        let since = self.last_sent;
        let within = expect.within_ms.map_or(PATIENCE, Duration::from_millis);
        let client = self.client(&expect.name);
        if let Some(frame) = client.receive(within) {
            return Err(format!("expected a close, got {frame}"));
        }
        let Some(code) = client.closed() else {
            return Err("expected a close, got nothing".into());
        };
        let after = since.elapsed();
        if after < Duration::from_millis(expect.not_before_ms) {
            return Err(format!("closed with {code} after {after:?} already"));
        }
        if expect.accepts(code) {
            Ok(())
        } else {
            Err(format!("closed with {code}, expected {expect:?}"))
        }
    }

    fn http(&mut self, step: &HttpStep) -> Outcome {
        let request = Request::of(&step.http, &self.scenario.vsn, &self.names);
        let mut stream = http::connect(self.address);
        if let Some(name) = &step.background {
            let other = stream.try_clone().unwrap();
            let request = thread::spawn(move || request.send(&mut stream));
            self.background.insert(name.clone(), (other, request));
            return Ok(());
        }
        let answer = request.send(&mut stream).ok_or("no answer")?;
        let fits = |expected: &Response| {
            let mut names = self.names.clone();
            expected.accepts(&answer, &mut names).then_some(names)
        };
        let Some(bound) = step.responses().iter().find_map(fits) else {
            return Err(format!(
                "expected {:?}\n           got {answer:?}",
                step.responses()
            ));
        };
        self.names = bound;
        Ok(())
    }
}
