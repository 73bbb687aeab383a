//! What the runtime logs as errors and warnings. An app in memory runs on the thread of its test, so each test
//! reads what it has caused itself.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::{cell::RefCell, sync::Once};

thread_local! {
    static RECORDS: RefCell<Vec<(Level, String)>> = const { RefCell::new(Vec::new()) };
}

struct Logger;

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let said = (record.level(), record.args().to_string());
            RECORDS.with_borrow_mut(|records| records.push(said));
        }
    }

    fn flush(&self) {}
}

/// Listens to this thread from here on.
pub(crate) fn listen() {
    static SET: Once = Once::new();
    SET.call_once(|| log::set_logger(&Logger).unwrap());
    log::set_max_level(LevelFilter::Warn);
    RECORDS.take();
}

/// The errors that have been logged so far, once.
pub(crate) fn errors() -> Vec<String> {
    take(Level::Error)
}

/// The warnings that have been logged so far, once.
pub(crate) fn warnings() -> Vec<String> {
    take(Level::Warn)
}

fn take(level: Level) -> Vec<String> {
    RECORDS.with_borrow_mut(|records| {
        let taken = records.extract_if(.., |record| record.0 == level);
        taken.map(|(_, text)| text).collect()
    })
}
