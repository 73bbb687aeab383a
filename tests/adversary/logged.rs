//! How much the server logs, at the level of servers that are in production.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::{
    fmt::{self, Write},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

static BYTES: AtomicU64 = AtomicU64::new(0);

struct Logger;

/// What is written into it is counted.
struct Count;

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            writeln!(Count, "{}", record.args()).unwrap();
        }
    }

    fn flush(&self) {}
}

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        BYTES.fetch_add(text.len() as u64, Relaxed);
        Ok(())
    }
}

/// Counts from here on.
pub(crate) fn listen() {
    log::set_logger(&Logger).unwrap();
    log::set_max_level(LevelFilter::Warn);
}

/// Bytes of warnings and errors so far.
pub(crate) fn bytes() -> u64 {
    BYTES.load(Relaxed)
}
