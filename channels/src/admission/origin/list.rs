//! The origins that an application lists.

use super::parsed::{Origin, Unparsed, split, web_host};
use std::sync::Arc;
use thiserror::Error;
use url::Host;

/// Some origins; see [`OriginPolicy::list`](super::OriginPolicy::list).
#[derive(Clone, Debug)]
pub struct OriginList(Arc<[Entry]>);

/// One origin of a list.
#[derive(Debug)]
struct Entry {
    /// Any, where there is none.
    scheme: Option<String>,
    host: Host,
    /// Any, where there is neither this nor a scheme.
    port: Option<u16>,
    /// The subdomains of the host as well.
    subdomains: bool,
}

/// Why an entry would match nothing that a browser says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Mistake {
    #[error("it has no scheme: write `https://{0}`, or `//{0}` for any scheme")]
    NoScheme(String),
    #[error("an origin ends behind its host and port: write `{0}`")]
    TooLong(String),
    #[error("it names a user, which no browser tells: write `{0}`")]
    User(String),
    #[error("it is the page that has an origin, not its socket: write `{0}`")]
    Socket(String),
    #[error(
        "every page can have it, by way of a sandboxed frame: let `OriginPolicy::function` decide on it"
    )]
    Null,
    #[error("it has no host: write one, or let `OriginPolicy::function` decide on it")]
    NoHost,
    #[error("a `*` stands for subdomains, and only in front of a name: write `//*.example.com`")]
    Star,
    #[error("its scheme is none")]
    Scheme,
    #[error("its host is none")]
    Host,
    #[error("its port is none: there are 1 to 65535")]
    Port,
}

impl OriginList {
    /// # Errors
    ///
    /// The first entry that would match nothing, and why.
    pub(super) fn new<'a>(
        origins: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, (&'a str, Mistake)> {
        let entries = origins
            .into_iter()
            .map(|text| Entry::parse(text).map_err(|mistake| (text, mistake)));
        Ok(Self(entries.collect::<Result<_, _>>()?))
    }

    pub(super) fn has(&self, origin: &Origin) -> bool {
        self.0.iter().any(|entry| entry.matches(origin))
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, Mistake> {
        if text.eq_ignore_ascii_case("null") {
            return Err(Mistake::Null);
        }
        let (scheme, rest) = match (text.split_once("://"), text.strip_prefix("//")) {
            (_, Some(rest)) => (None, rest),
            (Some((scheme, rest)), None) => (Some(scheme), rest),
            (None, None) if text.contains('*') => return Err(Mistake::Star),
            (None, None) => return Err(Mistake::NoScheme(text.to_owned())),
        };
        let rest = bare(&text[..text.len() - rest.len()], rest)?;
        let (subdomains, rest) = match rest.strip_prefix("*.") {
            Some(domain) => (true, domain),
            None => (false, rest),
        };
        if rest.is_empty() {
            return Err(Mistake::NoHost);
        }
        let origin = match scheme {
            Some(scheme) => Origin::new(scheme, rest).map(|origin| Self {
                scheme: Some(origin.scheme),
                host: origin.host,
                port: origin.port,
                subdomains,
            }),
            None => split(rest).and_then(|(host, port)| {
                Ok(Self {
                    scheme: None,
                    host: web_host(host)?,
                    port,
                    subdomains,
                })
            }),
        };
        origin?.checked(rest)
    }

    /// The entry, if it can be that of a page.
    fn checked(self, rest: &str) -> Result<Self, Mistake> {
        let page = match self.scheme.as_deref() {
            Some("ws") => Some("http"),
            Some("wss") => Some("https"),
            _ => None,
        };
        if let Some(page) = page {
            let star = if self.subdomains { "*." } else { "" };
            return Err(Mistake::Socket(format!("{page}://{star}{rest}")));
        }
        let is_name = matches!(&self.host, Host::Domain(name) if !name.contains('*'));
        if (self.subdomains && !is_name) || rest.contains('*') {
            return Err(Mistake::Star);
        }
        Ok(self)
    }

    fn matches(&self, origin: &Origin) -> bool {
        let same_port = self.port == origin.port;
        let same_scheme_and_port = match &self.scheme {
            Some(scheme) => *scheme == origin.scheme && same_port,
            None => self.port.is_none() || same_port,
        };
        let same_host = self.host == origin.host;
        same_scheme_and_port
            && (same_host || (self.subdomains && is_subdomain(&origin.host, &self.host)))
    }
}

/// What is behind the scheme, without the slash that people copy from their browser.
fn bare<'a>(scheme: &str, rest: &'a str) -> Result<&'a str, Mistake> {
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = &rest[..end];
    let host = authority.rsplit('@').next().unwrap_or(authority);
    if end < rest.len() {
        return Err(Mistake::TooLong(format!("{scheme}{host}")));
    }
    if host.len() < authority.len() {
        return Err(Mistake::User(format!("{scheme}{host}")));
    }
    Ok(rest)
}

pub(super) fn is_subdomain(host: &Host, of: &Host) -> bool {
    let (Host::Domain(host), Host::Domain(of)) = (host, of) else {
        return false;
    };
    host.strip_suffix(of.as_str())
        .is_some_and(|rest| rest.ends_with('.'))
}

impl From<Unparsed> for Mistake {
    fn from(unparsed: Unparsed) -> Self {
        match unparsed {
            Unparsed::Scheme => Self::Scheme,
            Unparsed::Host => Self::Host,
            Unparsed::Port => Self::Port,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hs_4_a_list_compares_what_its_entries_name() {
        let list = OriginList::new([
            "//good.example",
            "https://tls.example",
            "HTTPS://Loud.example:443/",
            "//port.example:8080",
            "//*.wild.example",
            "http://[::1]:3000",
            "https://bücher.example",
            "chrome-extension://abcdef",
            "capacitor://localhost",
            "tauri://localhost",
        ])
        .unwrap();
        let has = |text: &str| Origin::parse(text).is_some_and(|origin| list.has(&origin));
        for origin in [
            "http://good.example",
            "https://good.example:9999",
            "https://GOOD.example",
            "https://tls.example",
            "https://loud.example",
            "http://port.example:8080",
            "http://wild.example",
            "https://a.b.wild.example",
            "http://[::1]:3000",
            "https://xn--bcher-kva.example",
            "chrome-extension://abcdef",
            "capacitor://localhost",
            "tauri://localhost",
        ] {
            assert!(has(origin), "{origin}");
        }
        for origin in [
            "http://www.good.example",
            "http://good.example.evil.example",
            "http://tls.example",
            "https://tls.example:444",
            "http://port.example",
            "http://notwild.example",
            "http://[::1]",
            "chrome-extension://abcdefg",
            "chrome-extension://abcdef:80",
            "https://abcdef",
            "http://localhost",
            "ionic://localhost",
            "null",
            "",
            "http://",
        ] {
            assert!(!has(origin), "{origin}");
        }
    }

    #[test]
    fn entries_that_match_nothing_are_reported_with_what_to_write() {
        for (wrong, says) in [
            (
                "example.com",
                "write `https://example.com`, or `//example.com`",
            ),
            ("localhost:3000", "write `https://localhost:3000`"),
            ("https://example.com/chat", "write `https://example.com`"),
            ("https://a?b", "write `https://a`"),
            ("//a/path", "write `//a`"),
            ("https://ann@example.com", "write `https://example.com`"),
            ("wss://example.com", "write `https://example.com`"),
            (
                "ws://*.example.com:4000",
                "write `http://*.example.com:4000`",
            ),
            ("null", "sandboxed frame"),
            ("file://", "no host"),
            ("file:///", "no host"),
            ("https://", "no host"),
            ("*", "`*` stands for subdomains"),
            ("https://*", "`*` stands for subdomains"),
            ("https://*.127.0.0.1", "`*` stands for subdomains"),
            ("https://app.*.example", "`*` stands for subdomains"),
            ("https://example.com:99999", "1 to 65535"),
            ("https://exa mple.com", "its host is none"),
            ("ht tp://example.com", "its scheme is none"),
            ("", "no scheme"),
        ] {
            let (entry, mistake) = OriginList::new([wrong]).map(drop).unwrap_err();
            assert_eq!(entry, wrong);
            let said = mistake.to_string();
            assert!(said.contains(says), "{wrong}: {said}");
        }
    }
}
