/// What can go wrong between a Rust value and a message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value has no JSON form.
    #[error("cannot be encoded as JSON: {source}")]
    Encode {
        /// What `serde_json` said.
        source: serde_json::Error,
    },

    /// A payload does not fit the type that was asked for.
    #[error("{detail}")]
    Decode {
        /// The path of the field where there is one, and what is wrong with it.
        detail: String,
    },

    /// A push or a broadcast whose payload is neither a JSON object nor bytes. Phoenix clients take it for
    /// granted that it is one.
    #[error("the payload of a push or broadcast must encode as a JSON object, or be bytes")]
    NotAnObject,

    /// A push or a broadcast of an event whose name begins with `phx_`. Clients would take it for the end of their
    /// channel, or for a reply.
    #[error("events that begin with `phx_` belong to the protocol")]
    ReservedEvent,
}

impl Error {
    /// Keeps what is wrong and drops the position, which means nothing to somebody who did not
    /// write the JSON by hand.
    pub(crate) fn decode(message: &str) -> Self {
        let detail = match message.rfind(" at line ") {
            Some(position) => &message[..position],
            None => message,
        };
        Self::Decode {
            detail: detail.to_owned(),
        }
    }
}
