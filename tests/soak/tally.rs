//! What all clients have seen together.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// More faults of one run than these say nothing new.
const FAULTS: usize = 20;

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) connections: AtomicU64,
    pub(crate) deliveries: AtomicU64,
    pub(crate) garbage: AtomicU64,
    closes: Mutex<BTreeMap<String, u64>>,
    faults: Mutex<Vec<String>>,
}

impl Tally {
    /// The server has closed a connection, or it broke.
    pub(crate) fn closed(&self, code: Option<u16>) {
        let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        *self.closes.lock().unwrap().entry(code).or_default() += 1;
    }

    pub(crate) fn fault(&self, fault: String) {
        let mut faults = self.faults.lock().unwrap();
        if faults.len() < FAULTS {
            faults.push(fault);
        }
    }

    pub(crate) fn take_faults(&self) -> Vec<String> {
        std::mem::take(&mut self.faults.lock().unwrap())
    }

    pub(crate) fn print(&self) {
        println!(
            "  {} connections, {} deliveries, {} frames of garbage, closed by the server: {:?}",
            self.connections.load(Relaxed),
            self.deliveries.load(Relaxed),
            self.garbage.load(Relaxed),
            self.closes.lock().unwrap()
        );
    }
}
