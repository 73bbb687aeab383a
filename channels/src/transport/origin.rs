use std::{fmt, sync::Arc};
use trillium::{Headers, KnownHeaderName};
use url::{Host, Url};

/// Which pages may open a socket. Browsers send cookies with a WebSocket handshake from any page, so
/// it is for the server to look where the page came from (HS-4).
///
/// A request without an `Origin` header does not come from a page and is let in, unless a function
/// decides.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum OriginPolicy {
    /// Pages of the host that the request was sent to. Ports are compared where both are named;
    /// the scheme is not, since a proxy in front may have taken TLS off.
    #[default]
    SameOrigin,
    /// Pages with the scheme, host and port of the request as this server sees it: for servers without
    /// a proxy in front.
    Strict,
    /// Pages of these origins. Made by [`OriginPolicy::list`].
    List(OriginList),
    /// Whatever a function says. Made by [`OriginPolicy::function`].
    Function(OriginFunction),
    /// Any page. Only for sockets that need no protection, or whose clients show something that a
    /// foreign page does not have, such as a token in the connect parameters.
    Any,
}

/// Some origins; see [`OriginPolicy::list`].
#[derive(Clone, Debug)]
pub struct OriginList(Arc<[Entry]>);

/// A function that decides on origins; see [`OriginPolicy::function`].
#[derive(Clone)]
pub struct OriginFunction(Arc<Allows>);

type Allows = dyn Fn(Option<&str>) -> bool + Send + Sync;

/// One origin of a list. What is missing matches anything.
#[derive(Debug)]
struct Entry {
    scheme: Option<String>,
    host: Host,
    port: Option<u16>,
    /// The subdomains of the host as well.
    subdomains: bool,
}

/// Where a request was sent to.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    /// Its `Host` or authority.
    pub(crate) host: Option<&'a str>,
    /// Whether it came over TLS.
    pub(crate) secure: bool,
}

impl OriginPolicy {
    /// Pages of these origins: `https://app.example.com`, or `//app.example.com` for any scheme. A port
    /// is compared if it is named, or given by a scheme that is named. `//*.example.com` is
    /// `example.com` itself and all of its subdomains.
    ///
    /// ```
    /// # use phx_channels::OriginPolicy;
    /// OriginPolicy::list(["https://example.com", "//*.example.org", "//localhost:3000"]);
    /// ```
    ///
    /// # Panics
    ///
    /// If an entry is not of this form: better when the server starts than later, when somebody is
    /// locked out.
    pub fn list<'a>(origins: impl IntoIterator<Item = &'a str>) -> Self {
        let entries = origins.into_iter().map(|origin| {
            Entry::parse(origin).unwrap_or_else(|| {
                panic!("`{origin}` is no origin; write `https://example.com` or `//*.example.com`")
            })
        });
        Self::List(OriginList(entries.collect()))
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

    /// Whether a request may come in (HS-4).
    pub(crate) fn allows(&self, headers: &Headers, target: Target<'_>) -> bool {
        let origin = headers.get_str(KnownHeaderName::Origin);
        match (self, origin) {
            (Self::Function(OriginFunction(allows)), origin) => allows(origin),
            (_, None) | (Self::Any, Some(_)) => true,
            (Self::SameOrigin, Some(origin)) => target.is(origin, same),
            (Self::Strict, Some(origin)) => target.is(origin, identical),
            (Self::List(OriginList(entries)), Some(origin)) => Url::parse(origin)
                .is_ok_and(|origin| entries.iter().any(|entry| entry.allows(&origin))),
        }
    }
}

impl Target<'_> {
    fn is(self, origin: &str, same: fn(&Url, &Url) -> bool) -> bool {
        let Some(host) = self.host else {
            return false;
        };
        // A host is no URL; with a scheme it gets the same treatment of case, IPv6 and IDN.
        let scheme = if self.secure { "https" } else { "http" };
        match (
            Url::parse(origin),
            Url::parse(&format!("{scheme}://{host}")),
        ) {
            (Ok(origin), Ok(own)) => same(&origin, &own),
            _ => false,
        }
    }
}

fn same(origin: &Url, own: &Url) -> bool {
    let same_host = origin.host().is_some() && origin.host() == own.host();
    let same_port = match (origin.port(), own.port()) {
        (Some(origin), Some(own)) => origin == own,
        _ => true,
    };
    same_host && same_port
}

fn identical(origin: &Url, own: &Url) -> bool {
    origin.origin().is_tuple() && origin.origin() == own.origin()
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text.strip_prefix("//")?),
        };
        let (subdomains, rest) = match rest.strip_prefix("*.") {
            Some(domain) => (true, domain),
            None => (false, rest),
        };
        // With a scheme that has no port of its own, a port is there only if it is named.
        let url = Url::parse(&format!("{}://{rest}", scheme.unwrap_or("http"))).ok()?;
        let is_bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
        let named_port = || rest.rsplit_once(':')?.1.parse().ok();
        is_bare.then_some(Self {
            scheme: scheme.map(str::to_owned),
            host: url.host()?.to_owned(),
            port: match scheme {
                Some(_) => url.port_or_known_default(),
                None => named_port(),
            },
            subdomains,
        })
    }

    fn allows(&self, origin: &Url) -> bool {
        let same_scheme = self
            .scheme
            .as_ref()
            .is_none_or(|own| own == origin.scheme());
        let same_port = self
            .port
            .is_none_or(|own| Some(own) == origin.port_or_known_default());
        let same_host = origin.host().is_some_and(|host| {
            let is_it = host.to_owned() == self.host;
            is_it || (self.subdomains && is_subdomain(&host, &self.host))
        });
        same_scheme && same_port && same_host
    }
}

fn is_subdomain(host: &Host<&str>, of: &Host) -> bool {
    let (Host::Domain(host), Host::Domain(of)) = (host, of) else {
        return false;
    };
    host.strip_suffix(of.as_str())
        .is_some_and(|rest| rest.ends_with('.'))
}

impl fmt::Debug for OriginFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OriginFunction")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(policy: &OriginPolicy, origin: &str, host: &str, secure: bool) -> bool {
        let mut headers = Headers::new();
        headers.insert(KnownHeaderName::Origin, origin.to_owned());
        let host = Some(host);
        policy.allows(&headers, Target { host, secure })
    }

    #[test]
    fn hs_4_a_list_compares_what_its_entries_name() {
        let list = OriginPolicy::list([
            "//good.example",
            "https://tls.example",
            "//port.example:8080",
            "//*.wild.example",
            "http://[::1]:3000",
        ]);
        for origin in [
            "http://good.example",
            "https://good.example:9999",
            "https://GOOD.example",
            "https://tls.example",
            "http://port.example:8080",
            "http://wild.example",
            "https://a.b.wild.example",
            "http://[::1]:3000",
        ] {
            assert!(allows(&list, origin, "elsewhere", false), "{origin}");
        }
        for origin in [
            "http://www.good.example",
            "http://good.example.evil.example",
            "http://tls.example",
            "https://tls.example:444",
            "http://port.example",
            "http://notwild.example",
            "http://[::1]",
            "null",
            "",
            "http://",
        ] {
            assert!(!allows(&list, origin, "elsewhere", false), "{origin}");
        }
    }

    #[test]
    fn hs_4d_strict_compares_scheme_host_and_port() {
        let strict = OriginPolicy::Strict;
        assert!(allows(
            &strict,
            "http://app.example:8123",
            "app.example:8123",
            false
        ));
        assert!(allows(
            &strict,
            "https://app.example",
            "app.example:443",
            true
        ));
        for origin in [
            "https://app.example:8123",
            "http://app.example",
            "http://evil.example:8123",
            "null",
            "data:text/html,x",
        ] {
            assert!(
                !allows(&strict, origin, "app.example:8123", false),
                "{origin}"
            );
        }
    }

    #[test]
    fn a_function_is_asked_even_without_an_origin() {
        let none = OriginPolicy::function(|origin| origin.is_none());
        let target = Target {
            host: None,
            secure: false,
        };
        assert!(none.allows(&Headers::new(), target));
        assert!(!allows(&none, "http://a.example", "a.example", false));
    }

    #[test]
    fn entries_that_are_no_origins_are_reported() {
        for wrong in [
            "example.com",
            "*",
            "https://",
            "//a/path",
            "https://a?b",
            "",
        ] {
            assert!(Entry::parse(wrong).is_none(), "{wrong}");
        }
    }
}
