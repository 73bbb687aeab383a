//! Errors of any type that can be serialized, and a wrapper for the others.

#![deny(warnings)]

use phx_channels::{Joined, channel};
use serde::Serialize;
use std::{error::Error, fmt::Display, fs, io};

/// Takes in whatever `?` makes it of.
#[derive(Serialize)]
struct Failure {
    reason: String,
}

impl<E: Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { reason: error.to_string() }
    }
}

type Answer<T, E = Failure> = Result<T, E>;

struct Files;

#[channel]
impl Files {
    #[join("files:{name}")]
    async fn join(&self, name: &str) -> Answer<Joined<Vec<u8>>> {
        Ok(Joined::new(fs::read(name)?))
    }

    #[on("files:*", "length")]
    async fn length(&self, file: &Vec<u8>) -> Result<usize, Failure> {
        let length: Result<usize, Box<dyn Error + Send + Sync>> = Ok(file.len());
        Ok(length?)
    }

    #[on("files:*", "first")]
    async fn first(&self, file: &Vec<u8>) -> Answer<u8, &'static str> {
        file.first().copied().ok_or("empty")
    }

    #[on("files:*", "last")]
    async fn last(&self, file: &Vec<u8>) -> Result<impl Serialize, impl Serialize> {
        file.last().copied().ok_or_else(|| io::ErrorKind::NotFound.to_string())
    }
}

fn main() {
    let _ = channel(Files);
}
