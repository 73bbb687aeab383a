#![allow(dead_code, reason = "what polls is about to ask it")]

use super::{
    Claim, Target,
    parsed::{Authority, Origin},
};
use trillium::Headers;

/// The page that a polling session was opened by, if a page has opened it. To any other, the token of the session is
/// worth nothing.
#[derive(Clone, Debug)]
pub(crate) struct Opener(Option<Box<str>>);

impl Opener {
    pub(crate) fn of(headers: &Headers) -> Self {
        match Claim::of(headers) {
            Claim::Page(origin) => Self(Some(origin.into())),
            Claim::Nobody | Claim::Unreadable => Self(None),
        }
    }

    /// Whether a request for the session comes from where it was opened. Browsers tell the origin of a page with each
    /// request to another host; with one to its own they tell it when it posts, and not when it gets.
    pub(crate) fn asks_again(&self, headers: &Headers, target: Target<'_>) -> bool {
        match (&self.0, Claim::of(headers)) {
            (None, Claim::Nobody) => true,
            (Some(opened_by), Claim::Page(origin)) => **opened_by == *origin,
            (None, Claim::Page(origin)) => {
                let own = target.host.and_then(Authority::parse);
                let origin = Origin::parse(origin);
                origin
                    .zip(own)
                    .is_some_and(|(origin, own)| origin.is_of(&own))
            }
            (Some(_), Claim::Nobody) | (_, Claim::Unreadable) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trillium::KnownHeaderName;

    fn from(origins: &[&str]) -> Headers {
        let mut headers = Headers::new();
        for origin in origins {
            headers.append(KnownHeaderName::Origin, (*origin).to_owned());
        }
        headers
    }

    #[test]
    fn a_session_belongs_to_where_it_was_opened() {
        let host = Some("chat.example:4000");
        let target = Target {
            host,
            secure: false,
        };
        let (own, other) = ("http://chat.example:4000", "https://app.example");
        for (opened, again, may) in [
            (vec![], vec![], true),
            (vec![], vec![own], true),
            (vec![], vec![other], false),
            (vec![], vec!["http://chat.example"], false),
            (vec![], vec!["null"], false),
            (vec![], vec![own, own], false),
            (vec![own], vec![own], true),
            (vec![other], vec![other], true),
            (vec![other], vec![own], false),
            (vec![other], vec!["https://app.example:444"], false),
            (vec![other], vec![], false),
            (vec![other], vec![other, other], false),
        ] {
            let opener = Opener::of(&from(&opened));
            assert_eq!(
                opener.asks_again(&from(&again), target),
                may,
                "{opened:?} {again:?}"
            );
        }
    }
}
