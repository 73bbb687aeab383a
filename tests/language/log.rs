//! What the runtime logs as errors. An app in memory runs on the thread of its test, so each test
//! reads what it has caused itself.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::{cell::RefCell, sync::Once};

thread_local! {
    static ERRORS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Logger;

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() == Level::Error
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            ERRORS.with_borrow_mut(|errors| errors.push(record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

/// Listens to this thread from here on.
pub(crate) fn listen() {
    static SET: Once = Once::new();
    SET.call_once(|| log::set_logger(&Logger).unwrap());
    log::set_max_level(LevelFilter::Error);
    ERRORS.take();
}

/// What has been logged so far, once.
pub(crate) fn errors() -> Vec<String> {
    ERRORS.take()
}
