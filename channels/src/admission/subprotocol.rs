//! The `Sec-WebSocket-Protocol` header: what a client offers, and the token that it may hide there.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use std::fmt;

/// What phoenix.js puts in front of a token.
const TOKEN: &str = "base64url.bearer.phx.";
/// The protocol that it offers beside one.
const PHOENIX: &str = "phoenix";

/// What a client has shown outside of its URL. Not to be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AuthToken(pub(crate) String);

/// What has come of an offer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Negotiated {
    /// The protocol to answer with.
    pub(crate) protocol: Option<String>,
    pub(crate) token: Option<AuthToken>,
}

/// The client offers protocols, none of which is spoken here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoneInCommon;

/// Chooses one of the protocols that a client offers, in its order (HS-5).
pub(crate) fn negotiate<'a>(
    offer: impl Iterator<Item = &'a str>,
    protocols: &[String],
    takes_token: bool,
) -> Result<Negotiated, NoneInCommon> {
    if protocols.is_empty() && !takes_token {
        return Ok(Negotiated::default());
    }
    let mut offer: Vec<&str> = offer.collect();
    let token = if takes_token {
        take_token(&mut offer)
    } else {
        None
    };
    let is_spoken = |name: &&&str| {
        protocols.iter().any(|own| own == **name) || (takes_token && **name == PHOENIX)
    };
    match offer.iter().find(is_spoken) {
        None if !offer.is_empty() => Err(NoneInCommon),
        protocol => Ok(Negotiated {
            protocol: protocol.map(|name| (*name).to_owned()),
            token,
        }),
    }
}

/// Takes the token out of the offer, if there is exactly one.
fn take_token(offer: &mut Vec<&str>) -> Option<AuthToken> {
    let mut tokens = offer.iter().filter_map(|name| name.strip_prefix(TOKEN));
    let token = decode(tokens.next().filter(|_| tokens.next().is_none())?)?;
    offer.retain(|name| !name.starts_with(TOKEN));
    Some(AuthToken(token))
}

/// What phoenix.js offers to show this token.
#[cfg(feature = "testing")]
pub(crate) fn offer(token: &str) -> String {
    use base64::prelude::BASE64_STANDARD_NO_PAD;
    format!("{PHOENIX}, {TOKEN}{}", BASE64_STANDARD_NO_PAD.encode(token))
}

/// Decodes base64 of either alphabet, padded or not: the name says one, and phoenix.js writes the other.
pub(crate) fn decode(token: &str) -> Option<String> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if token.contains(['-', '_']) {
        &alphabet::URL_SAFE
    } else {
        &alphabet::STANDARD
    };
    let bytes = GeneralPurpose::new(alphabet, CONFIG).decode(token).ok()?;
    String::from_utf8(bytes).ok()
}

impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trillium::Headers;

    /// An offer in one line.
    fn negotiate(
        offer: Option<&str>,
        protocols: &[String],
        takes_token: bool,
    ) -> Result<Negotiated, NoneInCommon> {
        let mut headers = Headers::new();
        let offer = offer.map(str::to_owned);
        headers.extend(offer.map(|offer| ("sec-websocket-protocol", offer)));
        super::negotiate(
            headers.token_iter("sec-websocket-protocol"),
            protocols,
            takes_token,
        )
    }

    fn negotiated(protocol: Option<&str>, token: Option<&str>) -> Negotiated {
        Negotiated {
            protocol: protocol.map(str::to_owned),
            token: token.map(|token| AuthToken(token.to_owned())),
        }
    }

    #[test]
    fn hs_5a_hs_5b_protocols() {
        let chat = ["chat.v1".to_owned(), "chat.v2".to_owned()];
        for (offer, expected) in [
            (None, Ok(negotiated(None, None))),
            (Some(""), Ok(negotiated(None, None))),
            (Some("chat.v2"), Ok(negotiated(Some("chat.v2"), None))),
            (
                Some("chat.v2, chat.v1"),
                Ok(negotiated(Some("chat.v2"), None)),
            ),
            (Some("other,chat.v1"), Ok(negotiated(Some("chat.v1"), None))),
            (Some("other"), Err(NoneInCommon)),
            (
                Some("phoenix, base64url.bearer.phx.YWJj"),
                Err(NoneInCommon),
            ),
        ] {
            assert_eq!(negotiate(offer, &chat, false), expected, "{offer:?}");
        }
        let offer = Some("phoenix, base64url.bearer.phx.YWJj");
        assert_eq!(negotiate(offer, &[], false), Ok(negotiated(None, None)));
    }

    #[test]
    fn hs_5c_hs_5e_tokens() {
        for (offer, expected) in [
            (
                "phoenix, base64url.bearer.phx.YWJj",
                Ok(negotiated(Some("phoenix"), Some("abc"))),
            ),
            (
                "base64url.bearer.phx.YWJj",
                Ok(negotiated(None, Some("abc"))),
            ),
            ("phoenix", Ok(negotiated(Some("phoenix"), None))),
            // Both alphabets, padded or not.
            (
                "phoenix,base64url.bearer.phx.Pz8/Pw==",
                Ok(negotiated(Some("phoenix"), Some("????"))),
            ),
            (
                "phoenix,base64url.bearer.phx.Pz8_Pw",
                Ok(negotiated(Some("phoenix"), Some("????"))),
            ),
            // Two tokens are none, and one that is not base64 of text is none.
            (
                "phoenix, base64url.bearer.phx.YQ, base64url.bearer.phx.Yg",
                Ok(negotiated(Some("phoenix"), None)),
            ),
            (
                "phoenix, base64url.bearer.phx.%",
                Ok(negotiated(Some("phoenix"), None)),
            ),
            (
                "phoenix, base64url.bearer.phx._w",
                Ok(negotiated(Some("phoenix"), None)),
            ),
            ("other, base64url.bearer.phx.YWJj", Err(NoneInCommon)),
        ] {
            assert_eq!(negotiate(Some(offer), &[], true), expected, "{offer}");
        }
    }

    #[test]
    fn a_token_is_not_printed() {
        let token = AuthToken("secret".into());
        assert!(!format!("{token:?}").contains("secret"));
    }
}
