//! The names that a server is reached by.

use super::{
    list::is_subdomain,
    parsed::{split, web_host},
};
use thiserror::Error;
use url::Host;

/// The names of [`Config::hosts`](crate::Config::hosts), besides those that a server knows without being told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts(Vec<Name>);

#[derive(Clone, Debug)]
enum Name {
    Exactly(Host),
    /// A domain and all that is below it.
    Below(Host),
    Any,
}

/// Why a text is no name of a server.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum NoName {
    #[error("a name has no scheme, port or path: write `{0}`")]
    TooMuch(String),
    #[error("a `*` stands for subdomains, or for any name: write `*.example.com` or `*`")]
    Star,
    #[error("it is none")]
    Invalid,
}

impl Hosts {
    /// # Errors
    ///
    /// The first text that is no name, and why.
    pub(crate) fn new<N: AsRef<str>>(
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, (N, NoName)> {
        let names = names
            .into_iter()
            .map(|name| Name::parse(name.as_ref()).map_err(|why| (name, why)));
        Ok(Self(names.collect::<Result<_, _>>()?))
    }

    /// Whether this is the server itself, and not a name that somebody has made to lead to it. Nobody can do so with
    /// an address, nor with the names that always mean the machine of the browser.
    pub(super) fn know(&self, host: &Host) -> bool {
        let is_own = match host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(_) | Host::Ipv6(_) => true,
        };
        is_own || self.0.iter().any(|name| name.is(host))
    }
}

impl Name {
    fn parse(text: &str) -> Result<Self, NoName> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let rest = text.rsplit("//").next().unwrap_or(text);
        let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let (star, rest) = match rest.strip_prefix("*.") {
            Some(domain) => ("*.", domain),
            None => ("", rest),
        };
        let (host, _) = split(rest).map_err(|_| NoName::Invalid)?;
        let parsed = web_host(host).map_err(|_| NoName::Invalid)?;
        let is_domain = matches!(parsed, Host::Domain(_));
        if host.contains('*') || (!star.is_empty() && !is_domain) {
            return Err(NoName::Star);
        }
        if star.len() + host.len() < text.len() {
            return Err(NoName::TooMuch(format!("{star}{host}")));
        }
        Ok(if star.is_empty() {
            Self::Exactly(parsed)
        } else {
            Self::Below(parsed)
        })
    }

    fn is(&self, host: &Host) -> bool {
        match self {
            Self::Exactly(name) => name == host,
            Self::Below(name) => name == host || is_subdomain(host, name),
            Self::Any => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(names: &[&str], host: &str) -> bool {
        let hosts = Hosts::new(names).unwrap();
        hosts.know(&web_host(host).unwrap())
    }

    #[test]
    fn addresses_and_localhost_are_known_without_being_told() {
        for host in ["127.0.0.1", "10.0.0.5", "[::1]", "localhost", "a.LOCALHOST"] {
            assert!(known(&[], host), "{host}");
        }
        for host in [
            "example.com",
            "localhost.evil.example",
            "notlocalhost",
            "127.0.0.1.evil.example",
        ] {
            assert!(!known(&[], host), "{host}");
        }
    }

    #[test]
    fn names_are_known_when_they_are_told() {
        let names = ["Chat.Example.com", "*.example.org", "bücher.example"];
        for host in [
            "chat.example.com",
            "example.org",
            "a.b.example.org",
            "xn--bcher-kva.example",
        ] {
            assert!(known(&names, host), "{host}");
        }
        for host in [
            "example.com",
            "a.chat.example.com",
            "evilexample.org",
            "example.org.evil.example",
        ] {
            assert!(!known(&names, host), "{host}");
        }
        assert!(known(&["*"], "anything.example"));
    }

    #[test]
    fn what_is_no_name_is_reported_with_what_to_write() {
        for (wrong, why) in [
            ("https://example.com", NoName::TooMuch("example.com".into())),
            ("//*.example.com", NoName::TooMuch("*.example.com".into())),
            ("example.com:4000", NoName::TooMuch("example.com".into())),
            ("example.com/chat", NoName::TooMuch("example.com".into())),
            ("*.127.0.0.1", NoName::Star),
            ("app.*.example", NoName::Star),
            ("", NoName::Invalid),
            ("exa mple", NoName::Invalid),
        ] {
            assert_eq!(Hosts::new([wrong]).map(drop).unwrap_err(), (wrong, why));
        }
    }
}
