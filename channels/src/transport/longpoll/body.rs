//! The bodies of requests: read as far as there is room for them, and no longer than they may take.

use super::request::{Full, Request};
use futures_util::future::{Either, select};
use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
};
use trillium::RequestBody;
use trillium_server_common::AsyncRead as _;

/// Bytes that are read at once.
const CHUNK: usize = 8 * 1024;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoBody {
    /// It is longer than any may be.
    TooLong,
    /// Too much of its session is under way.
    NoRoom,
    /// It did not come in time.
    Late,
    /// The session, or the server, has ended meanwhile.
    Over,
    /// The connection is broken.
    Broken,
}

impl NoBody {
    /// Whether all that the client had to say was read nevertheless.
    pub(super) fn is_read(self) -> bool {
        matches!(self, Self::TooLong | Self::NoRoom)
    }
}

/// What is read of a body.
struct Reading<'a> {
    bytes: Vec<u8>,
    /// How long it may be.
    most: usize,
    /// How long it says that it is.
    length: Option<usize>,
    request: &'a Request,
}

/// Reads a body that is kept, and counted for its request. One that is too long is read to its end as
/// well, though nothing of it is kept: a client hears the answer when it has said all.
///
/// # Errors
///
/// If the body is not kept, or does not come before the time is over.
pub(super) async fn read(
    body: RequestBody<'_>,
    most: usize,
    request: &Request,
    over: impl Future<Output = NoBody>,
) -> Result<Vec<u8>, NoBody> {
    let length = body.content_length();
    let mut reading = Ok(Reading {
        bytes: Vec::new(),
        most,
        length: length.map(|length| length.try_into().unwrap_or(usize::MAX)),
        request,
    });
    each_chunk(body, over, |chunk| {
        if let Ok(kept) = &mut reading
            && let Err(why) = kept.keep(chunk)
        {
            reading = Err(why);
        }
    })
    .await?;
    reading.map(|reading| reading.bytes)
}

/// Reads a body that nobody wants, and whether it has come as a whole before the time was over.
pub(super) async fn discard(body: RequestBody<'_>, over: impl Future<Output = NoBody>) -> bool {
    each_chunk(body, over, |_| {}).await.is_ok()
}

async fn each_chunk(
    body: RequestBody<'_>,
    over: impl Future<Output = NoBody>,
    mut take: impl FnMut(&[u8]),
) -> Result<(), NoBody> {
    let mut body = body.with_max_len(u64::MAX);
    let mut chunk = vec![0; CHUNK];
    let reading = pin!(async {
        loop {
            match poll_fn(|cx| Pin::new(&mut body).poll_read(cx, &mut chunk)).await? {
                0 => return Ok::<_, io::Error>(()),
                read => take(&chunk[..read]),
            }
        }
    });
    match select(reading, pin!(over)).await {
        Either::Left((read, _)) => read.map_err(|_| NoBody::Broken),
        Either::Right((why, _)) => Err(why),
    }
}

impl Reading<'_> {
    fn keep(&mut self, chunk: &[u8]) -> Result<(), NoBody> {
        let length = self.bytes.len() + chunk.len();
        if length > self.most || self.length.is_some_and(|length| length > self.most) {
            return Err(NoBody::TooLong);
        }
        let room = self.bytes.capacity();
        if length > room {
            // What is said to come takes no room before it has begun to.
            let grown = (2 * room).min(self.length.unwrap_or(self.most)).max(length);
            let kept = self.request.keep(grown - room);
            kept.map_err(|Full| NoBody::NoRoom)?;
            self.bytes.reserve_exact(grown - self.bytes.len());
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }
}
