//! Which pages may open a socket. What is let in is a table in `docs/ORIGINS.md`.

mod hosts;
mod list;
pub(crate) mod opener;
mod parsed;

pub(crate) use hosts::Hosts;
pub use list::OriginList;

use super::Via;
use crate::logging::{Excerpt, Quoted};
use parsed::{Authority, Origin};
use std::{fmt, sync::Arc};
use thiserror::Error;
use trillium::{Headers, KnownHeaderName};

/// Which pages may open a socket. Browsers send cookies with a WebSocket handshake from any page, so
/// it is for the server to look where the page came from (HS-4). The whole of what is let in is
/// a table in `docs/ORIGINS.md`.
///
/// A request without an `Origin` header does not come from a page and is let in, unless a function
/// decides. One with several, or with one that is no text, is refused by all policies.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum OriginPolicy {
    /// Pages of the host and port that the request was sent to, by http or https, if that host is an
    /// address, `localhost`, or a name of [`Config::hosts`](crate::Config::hosts). The scheme is not
    /// compared, since a proxy in front may have taken TLS off.
    #[default]
    SameOrigin,
    /// Pages with the scheme, host and port of the request as this server sees it, if the host is one
    /// of those: for servers without a proxy in front.
    Strict,
    /// Pages of these origins. Made by [`OriginPolicy::list`].
    List(OriginList),
    /// Whatever a function says. Made by [`OriginPolicy::function`].
    Function(OriginFunction),
    /// Any page. Only for sockets that need no protection, or whose clients show something that a
    /// foreign page does not have, such as a token in the connect parameters.
    Any,
}

/// A function that decides on origins; see [`OriginPolicy::function`].
#[derive(Clone)]
pub struct OriginFunction(Arc<Allows>);

type Allows = dyn Fn(Option<&str>) -> bool + Send + Sync;

/// Where a request was sent to.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    /// Its `Host` or authority.
    pub(crate) host: Option<&'a str>,
    /// Whether it came over TLS.
    pub(crate) secure: bool,
}

/// What a request says of the page that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim<'a> {
    /// It comes from none.
    Nobody,
    Page(&'a str),
    /// There is more than one `Origin`, or one that is no text.
    Unreadable,
}

/// Why a request may not come in. To be logged: what the client says is cut and escaped.
#[derive(Debug, Error)]
pub(crate) enum Denied<'a> {
    #[error("its `Origin` is not one line of text")]
    Unreadable,
    #[error(
        "{} asks for {}, which this server does not know as a name of its own. If it is, write \
         `.hosts([\"{}\"])` in the `Config` of the channel",
        page.map_or("a client that polls".to_owned(), |page| Quoted(page).to_string()),
        Quoted(host),
        Excerpt(host)
    )]
    UnknownHost { page: Option<&'a str>, host: String },
    #[error(
        "{} is not a page of the host that it asks for, {}. If it should be let in, write \
         `.origin(OriginPolicy::list([\"{}\"]))` in the `Config` of the channel",
        Quoted(page),
        Quoted(host),
        Excerpt(page)
    )]
    Foreign { page: &'a str, host: &'a str },
    #[error("{} is no origin of a page", Quoted(.0))]
    NoPage(&'a str),
    #[error(
        "{} is not in the list of `OriginPolicy::list`. If it should be let in, add it there",
        Quoted(.0)
    )]
    Unlisted(&'a str),
    #[error("the function of `OriginPolicy::function` does not want {}", Quoted(.0))]
    Unwanted(&'a str),
}

impl OriginPolicy {
    /// Pages of these origins: `https://app.example.com`, or `//app.example.com` for any scheme. A port
    /// is compared if it is named, or given by a scheme that is named. `//*.example.com` is
    /// `example.com` itself and all of its subdomains. Extensions and applications have schemes of their
    /// own: `chrome-extension://abcdef`, `capacitor://localhost`.
    ///
    /// ```
    /// # use phx_channels::OriginPolicy;
    /// OriginPolicy::list(["https://example.com", "//*.example.org", "//localhost:3000"]);
    /// ```
    ///
    /// # Panics
    ///
    /// If an entry would match nothing that a browser says, such as one with a path: better when the
    /// server starts than later, when somebody is locked out. The message says what to write.
    pub fn list<'a>(origins: impl IntoIterator<Item = &'a str>) -> Self {
        match OriginList::new(origins) {
            Ok(list) => Self::List(list),
            Err((entry, mistake)) => {
                panic!("`{entry}` in `OriginPolicy::list` would match no page: {mistake}")
            }
        }
    }

    /// Whatever a function says of the `Origin` header, of which there may be none.
    ///
    /// ```
    /// # use phx_channels::OriginPolicy;
    /// OriginPolicy::function(|origin| origin.is_some_and(|origin| origin.ends_with(".example.com")));
    /// ```
    pub fn function(allows: impl Fn(Option<&str>) -> bool + Send + Sync + 'static) -> Self {
        Self::Function(OriginFunction(Arc::new(allows)))
    }

    /// Decides on a request (HS-4).
    ///
    /// # Errors
    ///
    /// Why it may not come in.
    pub(crate) fn check<'a>(
        &self,
        hosts: &Hosts,
        headers: &'a Headers,
        target: Target<'a>,
        via: Via,
    ) -> Result<(), Denied<'a>> {
        let claim = Claim::of(headers);
        match (self, claim) {
            (_, Claim::Unreadable) => Err(Denied::Unreadable),
            (Self::Any, _) | (Self::List(_), Claim::Nobody) => Ok(()),
            (Self::Function(function), Claim::Nobody) => function.check(None),
            (Self::Function(function), Claim::Page(origin)) => function.check(Some(origin)),
            (Self::List(list), Claim::Page(origin)) => match Origin::parse(origin) {
                Some(parsed) if list.has(&parsed) => Ok(()),
                _ => Err(Denied::Unlisted(origin)),
            },
            (Self::SameOrigin | Self::Strict, Claim::Nobody) => target.check_name(hosts, via),
            (Self::SameOrigin, Claim::Page(origin)) => target.check(hosts, origin, Origin::is_of),
            (Self::Strict, Claim::Page(origin)) => {
                let scheme = if target.secure { "https" } else { "http" };
                target.check(hosts, origin, |origin, own| {
                    origin.scheme == scheme && origin.is_of(own)
                })
            }
        }
    }
}

impl<'a> Claim<'a> {
    fn of(headers: &'a Headers) -> Self {
        match headers.get_values(KnownHeaderName::Origin) {
            None => Self::Nobody,
            Some(values) => values.as_str().map_or(Self::Unreadable, Self::Page),
        }
    }

    fn page(self) -> Option<&'a str> {
        match self {
            Self::Page(origin) => Some(origin),
            Self::Nobody | Self::Unreadable => None,
        }
    }
}

impl<'a> Target<'a> {
    fn check(
        self,
        hosts: &Hosts,
        page: &'a str,
        is_same: impl Fn(&Origin, &Authority) -> bool,
    ) -> Result<(), Denied<'a>> {
        let host = self.host.unwrap_or_default();
        let origin = Origin::parse(page).ok_or(Denied::NoPage(page))?;
        let own = Authority::parse(host).filter(|own| is_same(&origin, own));
        let own = own.ok_or(Denied::Foreign { page, host })?;
        check_known(hosts, &own, Some(page))
    }

    /// A page that gets something from its own host does not say that it is one. A WebSocket is not got that way.
    fn check_name(self, hosts: &Hosts, via: Via) -> Result<(), Denied<'a>> {
        let own = self.host.and_then(Authority::parse);
        match (via, own) {
            (Via::LongPoll, Some(own)) => check_known(hosts, &own, None),
            _ => Ok(()),
        }
    }
}

fn check_known<'a>(
    hosts: &Hosts,
    own: &Authority,
    page: Option<&'a str>,
) -> Result<(), Denied<'a>> {
    if hosts.know(&own.host) {
        return Ok(());
    }
    let host = own.host.to_string();
    Err(Denied::UnknownHost { page, host })
}

impl OriginFunction {
    fn check<'a>(&self, origin: Option<&'a str>) -> Result<(), Denied<'a>> {
        if (self.0)(origin) {
            return Ok(());
        }
        Err(Denied::Unwanted(origin.unwrap_or_default()))
    }
}

impl fmt::Debug for OriginFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OriginFunction")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(policy: &OriginPolicy, origin: Option<&str>, host: &str, secure: bool) -> bool {
        let mut headers = Headers::new();
        if let Some(origin) = origin {
            headers.insert(KnownHeaderName::Origin, origin.to_owned());
        }
        let host = Some(host);
        let hosts = Hosts::new(["app.example"]).unwrap();
        let target = Target { host, secure };
        policy
            .check(&hosts, &headers, target, Via::WebSocket)
            .is_ok()
    }

    #[test]
    fn hs_4d_strict_compares_scheme_host_and_port() {
        for (origin, host, secure) in [
            ("http://app.example:8123", "app.example:8123", false),
            ("http://app.example", "app.example", false),
            ("https://app.example", "app.example:443", true),
        ] {
            assert!(allows(&OriginPolicy::Strict, Some(origin), host, secure));
        }
        for origin in [
            "https://app.example:8123",
            "http://app.example",
            "http://evil.example:8123",
            "null",
            "data:text/html,x",
        ] {
            let allowed = allows(
                &OriginPolicy::Strict,
                Some(origin),
                "app.example:8123",
                false,
            );
            assert!(!allowed, "{origin}");
        }
    }

    #[test]
    fn a_function_is_asked_even_without_an_origin() {
        let none = OriginPolicy::function(|origin| origin.is_none());
        assert!(allows(&none, None, "a.example", false));
        assert!(!allows(&none, Some("http://a.example"), "a.example", false));
    }

    #[test]
    fn a_client_that_polls_says_nothing_of_its_page() {
        let target = Target {
            host: Some("evil.example"),
            secure: false,
        };
        let (hosts, headers) = (Hosts::default(), Headers::new());
        let check = |via| OriginPolicy::SameOrigin.check(&hosts, &headers, target, via);
        assert!(check(Via::WebSocket).is_ok());
        let denied = check(Via::LongPoll).unwrap_err().to_string();
        assert!(
            denied.contains(r#"write `.hosts(["evil.example"])`"#),
            "{denied}"
        );
    }

    #[test]
    fn a_refusal_says_what_was_compared_and_no_more_of_it_than_fits() {
        let target = Target {
            host: Some("localhost"),
            secure: false,
        };
        let long = "x".repeat(1000);
        for (origin, says) in [
            (
                format!("https://{long}.example"),
                "the host that it asks for, `localhost`",
            ),
            (format!("https://{long}\u{1b}[31m"), "is no origin"),
            ("https://a\u{1b}[31m".into(), r"https://a\u{1b}[31m"),
        ] {
            let mut headers = Headers::new();
            headers.insert(KnownHeaderName::Origin, origin);
            let denied = OriginPolicy::SameOrigin
                .check(&Hosts::default(), &headers, target, Via::WebSocket)
                .unwrap_err()
                .to_string();
            assert!(
                denied.contains(says) && denied.contains("https://"),
                "{denied}"
            );
            assert!(denied.len() < 600 && !denied.contains('\u{1b}'), "{denied}");
        }
    }
}
