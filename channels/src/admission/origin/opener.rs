use super::Claim;
use std::sync::OnceLock;
use trillium::{Headers, Method};

/// The page that a polling session was opened by, if a page has opened it. To any other, the token of the session is
/// worth nothing.
#[derive(Debug)]
pub(crate) struct Opener {
    opened_by: Option<Box<str>>,
    /// Where a session publishes from whose opener did not say that it is a page.
    publishes: OnceLock<Option<Box<str>>>,
}

impl Opener {
    pub(crate) fn of(headers: &Headers) -> Self {
        Self {
            opened_by: Claim::of(headers).page().map(Box::from),
            publishes: OnceLock::new(),
        }
    }

    /// Whether a request for the session comes from where it was opened, as far as this is not for the policy to say.
    ///
    /// Browsers tell the origin of a page with each request to another host. With one to its own they tell it when it
    /// posts, and not when it gets; which one that is only they know, because a proxy in front may have changed the
    /// host. So it is that of the first post.
    pub(crate) fn asks_again(&self, headers: &Headers, method: Method) -> bool {
        let claim = Claim::of(headers);
        if claim == Claim::Unreadable {
            return false;
        }
        let page = claim.page();
        match (&self.opened_by, method) {
            (Some(_), _) => self.opened_by.as_deref() == page,
            (None, Method::Post) => {
                let publishes = self.publishes.get_or_init(|| page.map(Box::from));
                publishes.as_deref() == page
            }
            (None, _) => page.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trillium::KnownHeaderName;

    const OWN: &str = "http://chat.example:4000";
    const OTHER: &str = "https://app.example";

    fn from(origins: &[&str]) -> Headers {
        let mut headers = Headers::new();
        for origin in origins {
            headers.append(KnownHeaderName::Origin, (*origin).to_owned());
        }
        headers
    }

    #[test]
    fn a_session_belongs_to_where_it_was_opened() {
        for (opened, again, may) in [
            (vec![], vec![], true),
            (vec![], vec![OWN, OWN], false),
            (vec![OWN], vec![OWN], true),
            (vec![OTHER], vec![OTHER], true),
            (vec![OTHER], vec![OWN], false),
            (vec![OTHER], vec!["https://app.example:444"], false),
            (vec![OTHER], vec![], false),
            (vec![OTHER], vec![OTHER, OTHER], false),
        ] {
            let opener = Opener::of(&from(&opened));
            for method in [Method::Get, Method::Post] {
                let asks_again = opener.asks_again(&from(&again), method);
                assert_eq!(asks_again, may, "{method} {opened:?} {again:?}");
            }
        }
    }

    /// As browsers do it for a page of the host that it asks.
    #[test]
    fn a_page_may_tell_its_origin_only_when_it_posts() {
        let opener = Opener::of(&from(&[]));
        let asks_again = |method, origins: &[&str]| opener.asks_again(&from(origins), method);
        assert!(!asks_again(Method::Get, &[OWN]));
        assert!(asks_again(Method::Post, &[OWN]));
        assert!(asks_again(Method::Get, &[]));
        assert!(asks_again(Method::Post, &[OWN]));
        assert!(!asks_again(Method::Post, &[OTHER]));
        assert!(!asks_again(Method::Post, &[]));
    }

    #[test]
    fn what_is_no_page_becomes_none() {
        let opener = Opener::of(&from(&[]));
        assert!(opener.asks_again(&from(&[]), Method::Post));
        assert!(!opener.asks_again(&from(&[OWN]), Method::Post));
    }
}
