//! Where, when and with what.

use std::{fs, thread, time::SystemTime};

const LOCK: &str = include_str!("../../Cargo.lock");
const PEERS: [&str; 6] = [
    "phx-channels",
    "socketioxide",
    "trillium-channels",
    "trillium-websockets",
    "trillium-smol",
    "trillium-tokio",
];

pub(super) fn describe(rounds: u32) -> String {
    let versions: Vec<_> = PEERS
        .iter()
        .map(|name| format!("{name} {}", version(LOCK, name).unwrap_or("?")))
        .collect();
    let cores = thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}, {cores} cores, Linux {}; {}; medians of {rounds} rounds.\n{}.\n",
        processor().unwrap_or_else(|| "unknown processor".to_owned()),
        kernel().trim(),
        today(),
        versions.join(", "),
    )
}

fn processor() -> Option<String> {
    let processors = fs::read_to_string("/proc/cpuinfo").ok()?;
    let model = processors
        .lines()
        .find(|line| line.starts_with("model name"))?;
    Some(model.split_once(": ")?.1.to_owned())
}

fn kernel() -> String {
    fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default()
}

/// As in `24 Nov 2026`: the middle of `Tue, 24 Nov 2026 21:35:47 GMT`.
fn today() -> String {
    httpdate::fmt_http_date(SystemTime::now())[5..16].to_owned()
}

/// The version of a package in a lock file; the newest, if there are several.
fn version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let start = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = lock.rsplit_once(&start)?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_versions_are_known() {
        for package in PEERS {
            assert!(version(LOCK, package).is_some(), "{package}");
        }
        assert_eq!(version(LOCK, "left-pad"), None);
    }

    #[test]
    fn a_date_is_short() {
        assert_eq!(today().len(), "24 Nov 2026".len());
    }
}
