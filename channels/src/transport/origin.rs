use trillium::{Headers, KnownHeaderName};
use url::Url;

/// Which pages may open a socket. Browsers send cookies with a WebSocket handshake from any page, so
/// it is for the server to look where the page came from.
///
/// A request without an `Origin` header does not come from a page and is let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OriginPolicy {
    /// Pages of the host that the request was sent to. Ports are compared where both are named;
    /// the scheme is not, since a proxy in front may have taken TLS off.
    #[default]
    SameOrigin,
    /// Any page. Only for sockets that need no protection, or whose clients show something that a
    /// foreign page does not have, such as a token in the connect parameters.
    Any,
}

impl OriginPolicy {
    /// Whether a request may come in (HS-4). `host` is what it names as its `Host` or authority.
    pub(crate) fn allows(self, headers: &Headers, host: Option<&str>) -> bool {
        let Some(origin) = headers.get_str(KnownHeaderName::Origin) else {
            return true;
        };
        match self {
            Self::Any => true,
            Self::SameOrigin => host.is_some_and(|host| same(origin, host)),
        }
    }
}

fn same(origin: &str, host: &str) -> bool {
    // A host is no URL; with a scheme it gets the same treatment of case, IPv6 and IDN.
    let (Ok(origin), Ok(own)) = (Url::parse(origin), Url::parse(&format!("http://{host}"))) else {
        return false;
    };
    let same_host = origin.host().is_some() && origin.host() == own.host();
    let same_port = match (origin.port(), own.port()) {
        (Some(origin), Some(own)) => origin == own,
        _ => true,
    };
    same_host && same_port
}
