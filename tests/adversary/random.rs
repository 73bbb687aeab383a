//! Messages at random, of every kind that can make a server keep something.

use crate::frame::{OpCode, frame, text};
use fastrand::Rng;

/// What a client sends that has these numbers as its will.
pub(crate) struct Messages {
    random: Rng,
    /// Of one message, in bytes.
    max_size: usize,
}

impl Messages {
    pub(crate) fn new(seed: u64, max_size: usize) -> Self {
        Self {
            random: Rng::with_seed(seed),
            max_size,
        }
    }

    /// Small as a rule, but often enough as large as can be.
    fn size(&mut self, most: usize) -> usize {
        if self.random.u8(..4) == 0 {
            return most;
        }
        let bits = usize::BITS - most.leading_zeros();
        let size = 1_usize << self.random.u32(0..bits);
        self.random.usize(size / 2..=size).min(most)
    }

    fn name(&mut self, prefix: &str, most: usize) -> String {
        let (number, size) = (self.random.u8(..40), self.size(most));
        format!("{prefix}{number}{}", "x".repeat(size))
    }

    fn topic(&mut self) -> String {
        match self.random.u8(..20) {
            0 => self.name("held:", 200),
            1 => self.name("nobody:", 200),
            2 => self.name("rooms:", self.max_size / 2),
            // Few names, so that they are met again.
            3..10 => format!("rooms:{}", self.random.u8(..5)),
            _ => format!("rooms:{}", self.random.u8(..50)),
        }
    }

    fn event(&mut self) -> String {
        match self.random.u8(..20) {
            0..4 => "phx_join".into(),
            4 => "phx_leave".into(),
            5 => "echo".into(),
            6 => "say".into(),
            7 => self.name("", 300),
            _ => "slow".into(),
        }
    }

    fn reference(&mut self) -> String {
        let size = self.size(250);
        match self.random.u8(..8) {
            0 => "null".into(),
            1 => self.random.u64(..).to_string(),
            2 => format!("[0{}]", ",0".repeat(size / 2)),
            3 if self.random.u8(..) == 0 => format!("\"{}\"", "x".repeat(self.max_size / 2)),
            _ => format!("\"{}\"", "x".repeat(size)),
        }
    }

    fn payload(&mut self, most: usize) -> String {
        let size = self.size(most);
        match self.random.u8(..4) {
            0 => "{}".into(),
            1 => format!("[{}0]", "0,".repeat(size / 2)),
            _ => format!("\"{}\"", "x".repeat(size)),
        }
    }

    fn message(&mut self) -> Vec<u8> {
        let (topic, event) = (self.topic(), self.event());
        let references = (self.reference(), self.reference());
        let head = format!(
            "[{},{},\"{topic}\",\"{event}\",",
            references.0, references.1
        );
        let payload = self.payload(self.max_size - 10 - head.len().min(self.max_size - 20));
        text(&format!("{head}{payload}]"))
    }

    fn binary(&mut self) -> Vec<u8> {
        let names = [
            "1".into(),
            "2".into(),
            format!("rooms:{}", self.random.u8(..)),
            self.event(),
        ];
        let names = names.map(|name| name[..name.len().min(255)].to_owned());
        let mut bytes = vec![0];
        bytes.extend(
            names
                .iter()
                .map(|name| u8::try_from(name.len()).unwrap_or(0)),
        );
        bytes.extend(names.concat().bytes());
        let size = self.size(self.max_size - bytes.len());
        bytes.resize(bytes.len() + size, 0);
        frame(OpCode::Binary, true, &bytes)
    }
}

impl Iterator for Messages {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        Some(match self.random.u8(..20) {
            0 => self.binary(),
            1 => frame(OpCode::Ping, true, &[0; 100]),
            _ => self.message(),
        })
    }
}
