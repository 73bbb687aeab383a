use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{SeqAccess, Visitor},
};
use std::fmt;

/// Bytes as a payload or as the response of a reply: they travel in a binary frame, as an
/// `ArrayBuffer` does in phoenix.js (M-7, P-5).
///
/// Send anything that holds bytes; what a client sends is taken as `Binary`, which is
/// `Binary<Vec<u8>>`. Clients of protocol version 1 have no binary frames: what is sent to one of them
/// is left out and logged. As a part of a larger value bytes are a JSON array of numbers.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::{Binary, channel};
///
/// struct Files;
///
/// #[channel]
/// impl Files {
///     #[join("files:*")]
///     async fn join(&self) {}
///
///     #[on("files:*", "reverse")]
///     async fn reverse(&self, Binary(mut bytes): Binary) -> Result<Binary, ()> {
///         bytes.reverse();
///         Ok(Binary(bytes))
///     }
/// }
/// # #[cfg(feature = "testing")] {
/// # use phx_channels::testing::TestApp;
/// # use serde_json::json;
/// # futures_lite::future::block_on(async {
/// # let app = TestApp::new(&channel(Files));
/// # use phx_channels::testing::Frame;
/// # let mut client = app.connect().await.unwrap();
/// # client.join("files:1", json!({})).await.unwrap_ok();
/// # client.push("files:1", "reverse", Binary([1, 2, 3]));
/// # let Frame::Binary(reply) = client.frame().await else { panic!() };
/// # assert!(reply.ends_with(&[3, 2, 1]), "{reply:?}");
/// # }) }
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Binary<B = Vec<u8>>(pub B);

impl<B: AsRef<[u8]>> Serialize for Binary<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.as_ref())
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Bytes).map(Self)
    }
}

struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a binary payload")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_owned())
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = elements.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }
}
