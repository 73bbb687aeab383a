use super::Config;
use crate::admission::origin::{Hosts, OriginPolicy};
use std::{fmt, sync::Arc};
use trillium::Conn;

/// Who may connect, and with what.
impl Config {
    /// Which pages may open a socket: [`OriginPolicy::SameOrigin`] unless said otherwise (HS-4). That one wants to know
    /// the names of the server, see [`hosts`](Self::hosts).
    pub fn origin(mut self, policy: OriginPolicy) -> Self {
        self.origin = policy;
        self
    }

    /// The names that browsers reach this server by: `chat.example.com`, or `*.example.com` for `example.com` and all
    /// that is below it. Addresses, `localhost` and what ends with `.localhost` are known without being told; pages of
    /// any other host are refused by [`OriginPolicy::SameOrigin`] and [`OriginPolicy::Strict`], and the log says what to
    /// write here.
    ///
    /// Whoever makes a name of their own lead to this server, which may be one that only its own network can reach, has
    /// pages that look like pages of the server. That they are not shows in their name alone.
    ///
    /// `"*"` is any name: for servers with names that nobody knows beforehand, and a proxy in front that lets no other
    /// name through.
    ///
    /// ```
    /// # use phx_channels::Config;
    /// Config::new().hosts(["chat.example.com", "*.example.org"]);
    /// ```
    ///
    /// # Panics
    ///
    /// If one of them is no name: they have no scheme, port or path. The message says what to write.
    pub fn hosts<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        match Hosts::new(names) {
            Ok(hosts) => self.hosts = hosts,
            Err((name, why)) => panic!("`{}` in `Config::hosts` is no name: {why}", name.as_ref()),
        }
        self
    }

    /// The WebSocket subprotocols that are spoken: none. A client that offers some is answered with the
    /// first of its own that is among them, and refused if there is none (HS-5).
    pub fn subprotocols<P: Into<String>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
        self.subprotocols = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Whether clients may show a token outside of their URL, where it would end up in logs: the
    /// `authToken` of phoenix.js. Off. [`ChannelConn::auth_token`](crate::ChannelConn::auth_token) has
    /// it (HS-5).
    pub fn auth_token(mut self, takes_token: bool) -> Self {
        self.auth_token = takes_token;
        self
    }

    /// Connect parameters that do not come from the query string but from the request, such as the
    /// variables of a router's path (HS-8).
    ///
    /// ```
    /// # use phx_channels::Config;
    /// use trillium_router::RouterConnExt;
    ///
    /// // Mounted at `/tenants/:tenant/socket/websocket`.
    /// Config::new().request_params(|conn| {
    ///     let tenant = conn.param("tenant");
    ///     tenant.map(|tenant| ("tenant".to_owned(), tenant.to_owned()))
    /// });
    /// ```
    pub fn request_params<I>(mut self, params: impl Fn(&Conn) -> I + Send + Sync + 'static) -> Self
    where
        I: IntoIterator<Item = (String, String)>,
    {
        let params = move |conn: &Conn| params(conn).into_iter().collect();
        self.request_params = Some(RequestParams(Arc::new(params)));
        self
    }

    /// Whether requests that are no WebSocket handshake are answered 400, with a text that says why,
    /// instead of being passed to the next handler (HS-6). Off.
    pub fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }
}

type FromRequest = dyn Fn(&Conn) -> Vec<(String, String)> + Send + Sync;

/// Where [`Config::request_params`] come from.
#[derive(Clone)]
pub(crate) struct RequestParams(Arc<FromRequest>);

impl RequestParams {
    pub(crate) fn of(&self, conn: &Conn) -> Vec<(String, String)> {
        (self.0)(conn)
    }
}

impl fmt::Debug for RequestParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestParams")
    }
}
