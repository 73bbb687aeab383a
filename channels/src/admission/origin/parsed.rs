//! What the headers `Origin` and `Host` say, taken apart.

use url::Host;

/// An origin, as a browser writes it: `scheme://host` or `scheme://host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) scheme: String,
    pub(super) host: Host,
    /// The port that is written, or the one that the scheme stands for.
    pub(super) port: Option<u16>,
}

/// The value of a `Host` header: `host` or `host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authority {
    pub(super) host: Host,
    pub(super) port: Option<u16>,
}

/// Why a text is no `host` or `host:port`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unparsed {
    Scheme,
    Host,
    Port,
}

impl Origin {
    /// Only what a browser writes: no path, no user, no white space.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let origin = Self::new(scheme, rest).ok()?;
        is_written(&origin.host, rest).then_some(origin)
    }

    /// # Errors
    ///
    /// If one of the parts is not what it has to be.
    pub(super) fn new(scheme: &str, rest: &str) -> Result<Self, Unparsed> {
        let scheme = scheme.to_ascii_lowercase();
        if !is_scheme(&scheme) {
            return Err(Unparsed::Scheme);
        }
        let (host, port) = split(rest)?;
        let host = if default_port(&scheme).is_some() {
            web_host(host)?
        } else {
            other_host(host)?
        };
        let port = port.or_else(|| default_port(&scheme));
        Ok(Self { scheme, host, port })
    }

    /// Whether a page from there came from this host, by http or https.
    pub(super) fn is_of(&self, authority: &Authority) -> bool {
        let Some(default) = default_port(&self.scheme) else {
            return false;
        };
        self.host == authority.host && self.port == Some(authority.port.unwrap_or(default))
    }
}

impl Authority {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (host, port) = split(text).ok()?;
        let host = web_host(host).ok()?;
        is_written(&host, text).then_some(Self { host, port })
    }
}

/// Whether `host:port` has the host as browsers write it, whom people may have told `127.1`.
fn is_written(host: &Host, text: &str) -> bool {
    split(text).is_ok_and(|(written, _)| written.eq_ignore_ascii_case(&host.to_string()))
}

/// The port of the schemes that web pages have.
pub(super) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// The host of a page or a server, with case, IPv6 and IDN as browsers write them.
///
/// # Errors
///
/// If it is none.
pub(super) fn web_host(text: &str) -> Result<Host, Unparsed> {
    // `Host::parse` would decode these.
    if text.is_empty() || text.contains('%') {
        return Err(Unparsed::Host);
    }
    Host::parse(text).map_err(|_| Unparsed::Host)
}

/// The host of an extension or an application, which is a name that its maker has made up.
fn other_host(text: &str) -> Result<Host, Unparsed> {
    let is_plain =
        |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~');
    if text.is_empty() || !text.bytes().all(is_plain) {
        return Err(Unparsed::Host);
    }
    Ok(Host::Domain(text.to_ascii_lowercase()))
}

fn is_scheme(text: &str) -> bool {
    let rest = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.');
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(rest)
}

/// Splits `host:port`.
pub(super) fn split(text: &str) -> Result<(&str, Option<u16>), Unparsed> {
    // The colons of an IPv6 address are inside of its brackets.
    let end = text.rfind(']').map_or(0, |bracket| bracket + 1);
    let Some(colon) = text[end..].find(':') else {
        return Ok((text, None));
    };
    let (host, port) = (&text[..end + colon], &text[end + colon + 1..]);
    let is_number = !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit());
    let port = is_number.then(|| port.parse().ok()).flatten();
    Ok((host, Some(port.ok_or(Unparsed::Port)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_taken_as_browsers_write_them() {
        for (text, scheme, host, port) in [
            ("http://localhost", "http", "localhost", Some(80)),
            ("https://LOCALHOST:4000", "https", "localhost", Some(4000)),
            ("HTTPS://Example.com", "https", "example.com", Some(443)),
            ("http://[::1]:3000", "http", "[::1]", Some(3000)),
            ("http://127.0.0.1:80", "http", "127.0.0.1", Some(80)),
            (
                "chrome-extension://abcdef",
                "chrome-extension",
                "abcdef",
                None,
            ),
            ("capacitor://localhost", "capacitor", "localhost", None),
        ] {
            let origin = Origin::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(origin.scheme, scheme, "{text}");
            assert_eq!(origin.host.to_string(), host, "{text}");
            assert_eq!(origin.port, port, "{text}");
        }
    }

    #[test]
    fn what_no_browser_writes_is_no_origin() {
        for text in [
            "",
            "null",
            "localhost",
            "://localhost",
            "http:localhost",
            "http://",
            "file://",
            "http:// localhost",
            "http://localhost ",
            "http://local\thost",
            "http://localhost/",
            "http://localhost/x",
            "http://localhost?",
            "http://localhost#",
            "http://a@localhost",
            "http://localhost:",
            "http://localhost:0",
            "http://localhost:080",
            "http://localhost:+80",
            "http://localhost:65536",
            "http://localhost:80:80",
            "http://%6cocalhost",
            "http://ｌocalhost",
            "1http://localhost",
            "http://localhost\\",
            "http://[::1",
            "http://::1",
            "data:text/html,x",
            "http://127.1",
            "http://127.0.0.",
            "http://127.0.0.1.",
            "http://[0:0::1]",
            "chrome-extension://a/b",
            "http://a b",
        ] {
            assert_eq!(Origin::parse(text), None, "{text}");
        }
    }
}
