//! A WebSocket on a stream of HTTP/2, as much of it as the tests need.

use crate::client::Http2;
use bytes::{Buf, Bytes, BytesMut};
use h2::{RecvStream, SendStream};
use http::StatusCode;
use serde_json::{Value, json};
use std::{future::poll_fn, time::Duration};
use tokio::time::timeout;

/// How often something is looked at that nobody tells.
const GLANCE: Duration = Duration::from_millis(5);

pub(crate) struct WebSocket {
    send: SendStream<Bytes>,
    receive: RecvStream,
    unread: BytesMut,
}

/// What a server sends.
#[derive(Debug, PartialEq)]
pub(crate) enum Frame {
    Text(Value),
    Close(u16),
    Pong,
    /// The end of the stream.
    End,
}

impl WebSocket {
    pub(crate) async fn open(http2: &Http2, path: &str) -> Self {
        let origin = format!("https://{}", http2.authority());
        Self::open_from(http2, path, &origin).await.unwrap()
    }

    pub(crate) async fn open_from(
        http2: &Http2,
        path: &str,
        origin: &str,
    ) -> Result<Self, StatusCode> {
        let (send, receive) = http2.upgrade(path, origin).await?;
        Ok(Self {
            send,
            receive,
            unread: BytesMut::new(),
        })
    }

    /// Joins a topic, which is accepted.
    pub(crate) async fn join(&mut self, topic: &str) {
        self.send(&json!(["1", "1", topic, "phx_join", {}]));
        let reply = json!({"status": "ok", "response": {}});
        let accepted = json!(["1", "1", topic, "phx_reply", reply]);
        assert_eq!(self.receive().await, Frame::Text(accepted));
    }

    /// Sends a frame of text, masked with zeros.
    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let length = u8::try_from(text.len()).unwrap();
        assert!(length < 126, "longer texts have a longer head");
        let head = [0x81, 0x80 | length, 0, 0, 0, 0];
        let frame = [&head, text.as_bytes()].concat();
        self.send.send_data(frame.into(), false).unwrap();
    }

    /// Sends pings as large as they may be and reads nothing, for as long as this goes on and the stream has not ended,
    /// until the server has taken so many bytes. How many it has taken.
    pub(crate) async fn ping_up_to(&mut self, most: usize, goes_on: impl Fn() -> bool) -> usize {
        let ping = [&[0x89, 0xfd, 0, 0, 0, 0][..], &[0; 125]].concat();
        let ping = Bytes::from(ping);
        let mut taken = 0;
        while taken < most && goes_on() {
            self.send.reserve_capacity(ping.len());
            let capacity = poll_fn(|cx| self.send.poll_capacity(cx));
            match timeout(GLANCE, capacity).await {
                // Nothing is taken for now: it may be that nobody tells of the end.
                Err(_) => continue,
                Ok(Some(Ok(_))) if self.send.capacity() < ping.len() => {}
                Ok(Some(Ok(_))) => {
                    self.send.send_data(ping.clone(), false).unwrap();
                    taken += ping.len();
                }
                Ok(_) => break,
            }
        }
        taken
    }

    pub(crate) async fn receive(&mut self) -> Frame {
        loop {
            if let Some(frame) = self.frame() {
                return frame;
            }
            let Some(Ok(data)) = self.receive.data().await else {
                return Frame::End;
            };
            let flow = self.receive.flow_control();
            flow.release_capacity(data.len()).unwrap();
            self.unread.extend_from_slice(&data);
        }
    }

    /// The next frame, if all of it is there.
    fn frame(&mut self) -> Option<Frame> {
        let (&opcode, &length) = (self.unread.first()?, self.unread.get(1)?);
        assert!(length < 126, "longer frames have a longer head");
        let end = 2 + usize::from(length);
        if self.unread.len() < end {
            return None;
        }
        let mut payload = self.unread.split_to(end).split_off(2);
        Some(match opcode {
            0x81 => Frame::Text(serde_json::from_slice(&payload).unwrap()),
            0x8a => Frame::Pong,
            0x88 => Frame::Close(payload.get_u16()),
            other => panic!("a frame that begins with {other:#x}"),
        })
    }
}
