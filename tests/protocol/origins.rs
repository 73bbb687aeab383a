//! HS-4: each row of the table in `docs/ORIGINS.md`, and a search for what is let in and should not be.

use crate::app::rooms;
use arbtest::{
    arbitrary::{self, Unstructured},
    arbtest,
};
use futures_lite::future::block_on;
use phx_channels::{Config, OriginPolicy, channel, testing::TestApp};
use std::{
    future::IntoFuture,
    net::{Ipv4Addr, Ipv6Addr},
};

const TABLE: &str = include_str!("../../docs/ORIGINS.md");
/// Requests that the search tries.
const CASES: u64 = 10_000;
/// The bytes that the choices of a request are made of.
const SIZE: u64 = 64;

/// Whether a client may come in.
fn enters<'a>(config: Config, host: &str, origins: impl IntoIterator<Item = &'a str>) -> bool {
    let app = TestApp::new(&channel(rooms().0).with_config(config));
    let connect = app.connect().header("host", host);
    let connect = origins
        .into_iter()
        .fold(connect, |connect, origin| connect.header("origin", origin));
    block_on(connect.into_future()).is_ok()
}

/// What is between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn config(policy: &str) -> Config {
    let config = Config::new();
    match (policy.split(' ').next(), quoted(policy)) {
        (Some("SameOrigin"), _) => config,
        (Some("Strict"), _) => config.origin(OriginPolicy::Strict),
        (Some("Any"), _) => config.origin(OriginPolicy::Any),
        (Some("hosts"), names) => config.hosts(names),
        (Some("list"), entries) => config.origin(OriginPolicy::list(entries)),
        _ => panic!("{policy}"),
    }
}

#[test]
fn hs_4_the_table_of_what_is_let_in() {
    let lines = TABLE
        .lines()
        .skip_while(|line| !line.starts_with("| policy"));
    let rows = lines.skip(2).map_while(|line| line.strip_prefix("| "));
    let rows: Vec<Vec<_>> = rows.map(|row| row.split(" | ").collect()).collect();
    assert!(rows.len() > 50, "{}", rows.len());
    for row in rows {
        let [policy, host, origins, lets_in, _] = row[..] else {
            panic!("{row:?}");
        };
        let entered = enters(config(policy), quoted(host)[0], quoted(origins));
        assert_eq!(entered, lets_in == "yes", "{row:?}");
    }
}

/// What the table says of `SameOrigin`, said once more and as simply as can be: the page has the words of the host.
fn is_own(host: &str, origin: &str) -> bool {
    let (host, origin) = (host.to_ascii_lowercase(), origin.to_ascii_lowercase());
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => (name, Some(port)),
        _ => (&*host, None),
    };
    let is_known = name == "localhost"
        || name.ends_with(".localhost")
        || name == "chat.example.com"
        || name.parse::<Ipv4Addr>().is_ok()
        || name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
            .is_some_and(|name| name.parse::<Ipv6Addr>().is_ok());
    let with = |scheme: &str, port: &str| format!("{scheme}://{name}{port}");
    let written: Vec<String> = match port {
        None => vec![
            with("http", ""),
            with("https", ""),
            with("http", ":80"),
            with("https", ":443"),
        ],
        Some(port) => {
            let port = format!(":{port}");
            let mut written = vec![with("http", &port), with("https", &port)];
            written.extend((port == ":80").then(|| with("http", "")));
            written.extend((port == ":443").then(|| with("https", "")));
            written
        }
    };
    is_known && written.contains(&origin)
}

const HOSTS: [&str; 10] = [
    "localhost",
    "localhost:4000",
    "app.localhost",
    "127.0.0.1:8080",
    "[::1]",
    "[::1]:80",
    "chat.example.com",
    "chat.example.com:443",
    "evil.example",
    "evil.example:4000",
];
/// What is put in, where an attacker would.
const BITS: [&str; 28] = [
    "",
    ":",
    "/",
    "//",
    "://",
    "@",
    ".",
    "*",
    "%",
    "\\",
    "?",
    "#",
    ",",
    " ",
    "\t",
    "x",
    "0",
    "4000",
    ":80",
    ":443",
    "http",
    "https",
    "ws",
    "chrome-extension",
    "localhost",
    "evil.example",
    ".evil.example",
    "null",
];

/// A text like this one: mostly itself, or with something in it, or something out of it.
fn like(text: &str, random: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let mut text = text.to_owned();
    for _ in 0..random.int_in_range(0..=2)? {
        let at = random.int_in_range(0..=text.len())?;
        let end = random.int_in_range(at..=text.len().min(at + 3))?;
        text.replace_range(at..end, random.choose(&BITS)?);
    }
    Ok(text)
}

#[test]
fn nothing_is_let_in_that_is_not_of_the_host_that_it_asks_for() {
    let config = Config::new().hosts(["chat.example.com"]);
    let app = TestApp::new(&channel(rooms().0).with_config(config));
    let mut entered = 0;
    let mut search = |random: &mut Unstructured<'_>| {
        let host = like(random.choose(&HOSTS)?, random)?;
        let page = if random.ratio(3, 4)? {
            host.clone()
        } else {
            (*random.choose(&HOSTS)?).to_owned()
        };
        let scheme = random.choose(&["http", "https", "ws", "chrome-extension", "HTTP"])?;
        let origin = like(&format!("{scheme}://{page}"), random)?;
        let connect = app
            .connect()
            .header("host", &host)
            .header("origin", &origin);
        let enters = block_on(connect.into_future()).is_ok();
        assert!(!enters || is_own(&host, &origin), "{origin} entered {host}");
        entered += u64::from(enters);
        Ok(())
    };
    for case in 0..CASES {
        arbtest(&mut search).seed(case << 32 | SIZE).run();
    }
    assert!(
        entered > CASES / 50 && entered < CASES / 2,
        "{entered} of {CASES}"
    );
}
