use crate::{
    admission::subprotocol::AuthToken,
    broadcaster::Broadcaster,
    end::{Close, LeaveReason},
    hub::Hub,
    logging::Quoted,
    message::{
        event::{ChannelEvent, IntoEvent},
        payload::Payload,
    },
    outgoing::outgoing,
    overflow::Overflow,
    pusher::Pusher,
    refused::Refused,
    reply::{Reply, Stop},
    socket::{Connection, JoinedTopic, Phase, Running, Sending, Session},
    sync::Mutex,
    task::Task,
    topic::{Routes, Several},
    watch::JoinRefusal,
};
use serde::Serialize;
use std::{
    fmt,
    future::{Ready, ready},
    net::IpAddr,
    sync::{Arc, LazyLock},
    time::Duration,
};
use trillium::{Headers, TypeSet};

/// All that a handler can do: one client, and in the handlers of a topic one joined topic of it.
///
/// Sending never waits and never fails. What is sent to a client keeps its order.
#[derive(Clone, Copy)]
pub struct ChannelConn<'a> {
    session: &'a Session,
    scope: Scope<'a>,
}

#[derive(Clone, Copy)]
enum Scope<'a> {
    Connect(&'a Handshake<'a>),
    Topic {
        connection: &'a Arc<Connection>,
        joined: &'a Arc<JoinedTopic>,
        running: Running,
        routes: &'a Routes,
    },
    Disconnect(&'a Connection),
}

/// The HTTP request of a client that wants to connect, and what `connect` makes of it.
pub(crate) struct Handshake<'a> {
    pub(crate) headers: &'a Headers,
    pub(crate) state: &'a TypeSet,
    pub(crate) decision: Mutex<Decision>,
}

#[derive(Default)]
pub(crate) struct Decision {
    pub(crate) refused: Option<Refused>,
    pub(crate) state: TypeSet,
    pub(crate) id: Option<Arc<str>>,
}

impl<'a> ChannelConn<'a> {
    pub(crate) fn connecting(session: &'a Session, handshake: &'a Handshake<'a>) -> Self {
        Self {
            session,
            scope: Scope::Connect(handshake),
        }
    }

    pub(crate) fn in_topic(
        connection: &'a Arc<Connection>,
        joined: &'a Arc<JoinedTopic>,
        running: Running,
    ) -> Self {
        Self {
            session: &connection.session,
            scope: Scope::Topic {
                connection,
                joined,
                running,
                routes: &joined.routes,
            },
        }
    }

    /// What the handler that this is for knows of the topic.
    pub(crate) fn routes(&self) -> Option<&'a Routes> {
        match self.scope {
            Scope::Topic { routes, .. } => Some(routes),
            Scope::Connect(_) | Scope::Disconnect(_) => None,
        }
    }

    fn several(&self) -> Option<&'a Several> {
        match self.routes() {
            Some(Routes::Several(several)) => Some(several),
            _ => None,
        }
    }

    /// Of handlers that share a socket, those that may take the topic.
    pub(crate) fn takers(&self) -> Vec<usize> {
        self.several().map(Several::takers).unwrap_or_default()
    }

    /// The same for the handler that takes the topic now.
    pub(crate) fn taken_by(self, taker: usize) -> (usize, Self) {
        if let (Some(several), Some((_, joined))) = (self.several(), self.joined()) {
            several.choose(taker);
            joined.forget_held();
        }
        self.taken()
    }

    /// The handler that has taken the topic, and this for it.
    pub(crate) fn taken(mut self) -> (usize, Self) {
        match (self.several(), &mut self.scope) {
            (Some(several), Scope::Topic { routes, .. }) => {
                let taker;
                (taker, *routes) = several.taker();
                (taker, self)
            }
            _ => (0, self),
        }
    }

    pub(crate) fn is_joining(&self) -> bool {
        let joined = self.joined();
        joined.is_some_and(|(_, joined)| joined.phase() == Phase::Joining)
    }

    pub(crate) fn hub(&self) -> &'a Hub {
        &self.session.hub
    }

    pub(crate) fn is_connecting(&self) -> bool {
        matches!(self.scope, Scope::Connect(_))
    }

    pub(crate) fn is_refused(&self) -> bool {
        match self.scope {
            Scope::Connect(handshake) => handshake.decide(|decision| decision.refused.is_some()),
            Scope::Topic { .. } | Scope::Disconnect(_) => false,
        }
    }

    pub(crate) fn disconnected(connection: &'a Connection) -> Self {
        Self {
            session: &connection.session,
            scope: Scope::Disconnect(connection),
        }
    }

    /// The topic that the handler runs for, exactly as joined. Empty in `connect` and `disconnect`,
    /// which run for no topic.
    pub fn topic(&self) -> &'a str {
        self.joined().map_or("", |(_, joined)| &joined.topic)
    }

    /// The parameters that the client connected with: the query string of its URL, `vsn` included,
    /// with `a[b]=c` nested and all values text.
    pub fn params(&self) -> &'a Payload {
        &self.session.params
    }

    /// The address that the client connected from, where the server knows it.
    pub fn peer_ip(&self) -> Option<IpAddr> {
        self.session.peer_ip
    }

    /// The token that the client showed outside of its URL: the `authToken` of phoenix.js. Only where
    /// [`Config::auth_token`](crate::Config::auth_token) is on (HS-5).
    pub fn auth_token(&self) -> Option<&'a str> {
        let token = self.session.auth_token.as_ref();
        token.map(|AuthToken(token)| &**token)
    }

    /// Names the connection, so that [`Broadcaster::disconnect`] finds it: by its user, say. Several
    /// connections may have one id. Only in `connect`; elsewhere it is logged and changes nothing.
    pub fn set_id(&self, id: impl Into<Arc<str>>) {
        match self.scope {
            Scope::Connect(handshake) => {
                let id = Some(id.into());
                handshake.decide(|decision| decision.id = id);
            }
            Scope::Topic { .. } | Scope::Disconnect(_) => {
                log::error!("a socket id can be set in `connect` only");
            }
        }
    }

    /// Closes this connection, behind what is queued for its client. In `connect` it is logged and
    /// changes nothing: refuse the client there.
    pub fn close(&self, close: Close) {
        match self.scope {
            Scope::Topic { connection, .. } => connection.close(close.code()),
            Scope::Disconnect(_) => {}
            Scope::Connect(_) => log::error!("a client is not closed but refused in `connect`"),
        }
    }

    /// The headers of the HTTP request. Only in `connect`: they are let go after the upgrade.
    pub fn headers(&self) -> Option<&'a Headers> {
        match self.scope {
            Scope::Connect(handshake) => Some(handshake.headers),
            Scope::Topic { .. } | Scope::Disconnect(_) => None,
        }
    }

    /// A value that a trillium handler in front of the channel left in the request's state, or that
    /// `connect` left with [`insert_state`](Self::insert_state); the latter from the first join on.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<&'a T> {
        match self.scope {
            Scope::Connect(handshake) => handshake.state.get(),
            Scope::Topic { connection, .. } => connection.state.get(),
            Scope::Disconnect(connection) => connection.state.get(),
        }
    }

    /// Keeps a value with the connection for the handlers of its topics. Only in `connect`;
    /// elsewhere the value is dropped and the mistake logged.
    pub fn insert_state<T: Send + Sync + 'static>(&self, value: T) {
        match self.scope {
            Scope::Connect(handshake) => {
                handshake.decide(|decision| decision.state.insert(value));
            }
            Scope::Topic { .. } | Scope::Disconnect(_) => log::error!(
                "state `{}` was not kept: it can be inserted in `connect` only",
                std::any::type_name::<T>()
            ),
        }
    }

    /// Refuses the client before it is connected (HS-2). Only in `connect`; elsewhere it is logged
    /// and changes nothing.
    pub fn refuse(&self, refused: Refused) {
        match self.scope {
            Scope::Connect(handshake) => {
                handshake.decide(|decision| decision.refused = Some(refused));
            }
            Scope::Topic { .. } | Scope::Disconnect(_) => {
                log::error!("a client can be refused in `connect` only");
            }
        }
    }

    /// A handle that sends from anywhere in the application.
    pub fn broadcaster(&self) -> Broadcaster {
        Broadcaster::new(Arc::clone(&self.session.hub))
    }

    /// Sends an event to this client alone (P-1).
    ///
    /// In a join it is sent right behind the join reply, or never if the join is refused.
    pub fn push(&self, event: impl IntoEvent) {
        self.send(event, Sending::Push);
    }

    /// Sends an event to all members of its topic, this one included (P-2). An event that cannot be sent, or that
    /// nobody could hear because no `#[join]` leads to its topic, is logged as an error.
    ///
    /// In a join it is sent right behind the join reply, or never if the join is refused.
    pub fn broadcast(&self, event: impl IntoEvent) {
        self.send(event, Sending::Broadcast);
    }

    /// Sends an event to all members of its topic but this one (P-3).
    pub fn broadcast_from(&self, event: impl IntoEvent) {
        self.send(event, Sending::BroadcastFrom);
    }

    /// From the join on, broadcasts of this event on the topic do not go straight to this client but
    /// to [`handle_out`](crate::ChannelHandler::handle_out) (P-4). Only in `join_channel`, before the
    /// join is allowed; later it is logged and changes nothing.
    pub fn intercept(&self, event: &str) {
        let joining = self.joined();
        if !joining.is_some_and(|(_, joined)| joined.intercept(event)) {
            log::error!(
                "event {} is not intercepted: a join must say so before it is allowed",
                Quoted(event)
            );
        }
    }

    /// What happens when a broadcast on the topic does not fit into the mailbox of this client, if it is
    /// to be something else than [`Config::overflow`](crate::Config::overflow) says. Only in
    /// `join_channel`, before the join is allowed; later it is logged and changes nothing.
    ///
    /// ```
    /// # use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, Overflow, async_trait};
    /// # struct Live;
    /// #[async_trait]
    /// impl ChannelHandler for Live {
    ///     async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
    ///         if event.topic().starts_with("scores:") {
    ///             conn.overflow(Overflow::Latest);
    ///         }
    ///         conn.allow_join(&event, &()).await;
    ///     }
    /// }
    /// # #[cfg(feature = "testing")] {
    /// # use phx_channels::testing::TestApp;
    /// # use serde_json::json;
    /// # futures_lite::future::block_on(async {
    /// # let app = TestApp::new(&phx_channels::channel(Live));
    /// # let mut client = app.connect().await.unwrap();
    /// # client.join("scores:1", json!({})).await.unwrap_ok();
    /// # client.pause_reading();
    /// # client.push("phoenix", "heartbeat", json!({}));
    /// # app.settle();
    /// # for n in 0..3 {
    /// #     app.broadcaster().broadcast(("scores:1", "score", &json!({ "n": n })));
    /// # }
    /// # app.settle();
    /// # client.resume_reading();
    /// # assert_eq!(client.event("scores:1", "score").await, json!({ "n": 2 }));
    /// # }) }
    /// ```
    pub fn overflow(&self, overflow: Overflow) {
        let joining = self.joined();
        if !joining.is_some_and(|(_, joined)| joined.overflow(overflow)) {
            log::error!("overflow is not {overflow:?}: a join must say so before it is allowed");
        }
    }

    /// Until the joined topic ends, what is broadcast on another topic comes to
    /// [`handle_info`](crate::ChannelHandler::handle_info) as a [`ChannelEvent`] (P-7). Subscribing
    /// twice is subscribing once. Outside of a joined topic it is logged and changes nothing.
    pub fn subscribe(&self, topic: &str) {
        match self.joined() {
            Some((connection, joined)) => joined.subscribe(connection, topic),
            None => log::error!(
                "not subscribed to {}: only a joined topic can be",
                Quoted(topic)
            ),
        }
    }

    /// Takes back a [`subscribe`](Self::subscribe).
    pub fn unsubscribe(&self, topic: &str) {
        if let Some((_, joined)) = self.joined() {
            joined.unsubscribe(topic);
        }
    }

    /// Runs a future beside the handlers of this joined topic: a task of its own on the runtime of the
    /// server, whichever that is. `tokio::spawn` panics where the server does not run on tokio.
    ///
    /// The task ends with the joined topic: when that is left, stopped, joined anew or fails, its join is
    /// refused, or the client has gone, the task is cut off where it waits, and what it holds is dropped.
    /// It may run before a join is decided; what it sends then is held with what the join sends. A task
    /// that panics ends the topic as a handler does that panics, with `phx_error`. The [`Task`] is for
    /// those who want to cancel it earlier, and can be dropped.
    ///
    /// It sends with a [`Pusher`], answers with a [`ReplyTo`](crate::ReplyTo), and gets at the state of
    /// the topic by [telling](Pusher::tell) it. A `ChannelConn` stays with its handler: one that is moved
    /// into the task is "borrowed data" that "escapes outside of method". A joined topic has
    /// [at most 128](crate::Config::max_tasks) tasks and timers at a time; one more does not run, and is
    /// logged as an error. Outside of a joined topic, which includes `#[leave]`, a task does not run
    /// either.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use phx_channels::{ChannelConn, ReplyTo, channel};
    ///
    /// struct Reports;
    ///
    /// #[channel]
    /// impl Reports {
    ///     #[join("reports")]
    ///     async fn join(&self) {}
    ///
    ///     /// Other events of this client are handled meanwhile.
    ///     #[on("reports", "make")]
    ///     async fn make(&self, conn: ChannelConn<'_>, year: u16, reply: ReplyTo) {
    ///         conn.spawn(async move {
    ///             let report = make(year).await;
    ///             reply.ok(&report);
    ///         });
    ///     }
    /// }
    ///
    /// async fn make(year: u16) -> String {
    ///     // What takes its time.
    /// #   futures_lite::future::yield_now().await;
    ///     format!("all of {year}")
    /// }
    /// # #[cfg(feature = "testing")] {
    /// # futures_lite::future::block_on(async {
    /// # let app = phx_channels::testing::TestApp::new(&channel(Reports));
    /// # let mut client = app.connect().await.unwrap();
    /// # client.join("reports", ()).await.unwrap_ok();
    /// # let report = client.call("reports", "make", 2026).await.unwrap_ok();
    /// # assert_eq!(report, "all of 2026");
    /// # }) }
    /// # }
    /// ```
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> Task {
        match self.pusher().filter(Pusher::is_alive) {
            Some(pusher) => pusher.spawn(future),
            None => self.not_spawned(),
        }
    }

    /// Tells this joined topic a value after a time: its `#[info]` method for this type takes it, in its
    /// turn among the other handlers of the topic. A value that no method takes is logged as an error.
    ///
    /// The timer is a [task](Self::spawn) of the joined topic: it counts as one, and ends with the topic.
    /// In tests the time is that of [`TestApp::advance`](crate::testing::TestApp::advance).
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use phx_channels::{ChannelConn, Event, Joined, channel};
    /// use std::time::Duration;
    ///
    /// const SECOND: Duration = Duration::from_secs(1);
    ///
    /// struct Tick;
    ///
    /// #[derive(Clone, serde::Serialize, Event)]
    /// struct Countdown {
    ///     left: u32,
    /// }
    ///
    /// struct Launch;
    ///
    /// #[channel]
    /// impl Launch {
    ///     #[join("launch")]
    ///     async fn join(&self, conn: ChannelConn<'_>) -> Joined<Countdown> {
    ///         conn.after(SECOND, Tick);
    ///         Joined::new(Countdown { left: 3 })
    ///     }
    ///
    ///     #[info("launch")]
    ///     async fn tick(&self, conn: ChannelConn<'_>, countdown: &mut Countdown, _: Tick) {
    ///         countdown.left -= 1;
    ///         conn.push(countdown.clone());
    ///         if countdown.left > 0 {
    ///             conn.after(SECOND, Tick);
    ///         }
    ///     }
    /// }
    /// # #[cfg(feature = "testing")] {
    /// # use serde_json::json;
    /// # futures_lite::future::block_on(async {
    /// # let app = phx_channels::testing::TestApp::new(&channel(Launch));
    /// # let mut client = app.connect().await.unwrap();
    /// # client.join("launch", ()).await.unwrap_ok();
    /// # client.assert_quiet();
    /// # app.advance(5 * SECOND);
    /// # for left in [2, 1, 0] {
    /// #     assert_eq!(client.event("launch", "countdown").await, json!({ "left": left }));
    /// # }
    /// # client.assert_quiet();
    /// # }) }
    /// # }
    /// ```
    pub fn after<T: Send + 'static>(&self, delay: Duration, message: T) -> Task {
        match self.pusher().filter(Pusher::is_alive) {
            Some(pusher) => pusher.after(delay, message),
            None => self.not_spawned(),
        }
    }

    fn not_spawned(&self) -> Task {
        let now = self.session.timer.now();
        if let Some(others) = self.session.hub.throttles.tasks.admit(now) {
            log::error!("a task was not spawned: only a joined topic has tasks{others}");
        }
        Task::refused()
    }

    pub(crate) fn pusher(&self) -> Option<Pusher> {
        let (connection, joined) = self.joined()?;
        Some(Pusher::new(connection, joined))
    }

    /// Sends what has become of a broadcast to this client alone.
    pub(crate) fn pass_on(&self, event: ChannelEvent) {
        self.send(event, Sending::Intercepted);
    }

    fn send(&self, event: impl IntoEvent, sending: fn(ChannelEvent) -> Sending) {
        static NOWHERE: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from(""));
        let own_topic = self.joined().map_or(&*NOWHERE, |(_, joined)| &joined.topic);
        let Some(event) = outgoing(event, own_topic, &self.session.hub) else {
            return;
        };
        if let Some((connection, joined)) = self.joined() {
            joined.check_topic(connection, &event);
        }
        match (self.scope, sending(event)) {
            (
                Scope::Topic {
                    connection, joined, ..
                },
                sending,
            ) => joined.send(connection, sending),
            (_, Sending::Broadcast(event) | Sending::BroadcastFrom(event)) => {
                self.session.hub.broadcast(&event);
            }
            (_, Sending::Push(event) | Sending::Intercepted(event)) => log::error!(
                "not sent: event {} was pushed outside of a joined topic",
                Quoted(event.event())
            ),
        }
        self.session.hub.losses.tell();
    }

    /// Accepts a join with this response (J-1, J-2). What the handler sends from here on is sent
    /// at once, and this client is a member of the topic.
    ///
    /// Done when called; the future is ready and only there to be awaited.
    pub fn allow_join<T: Serialize + ?Sized>(&self, _: &ChannelEvent, response: &T) -> Ready<()> {
        if let Some((connection, joined)) = self.joined() {
            joined.accept(connection, &Reply::ok(response));
        }
        ready(())
    }

    /// Refuses a join with this response; a text becomes `{"reason": text}` (J-3).
    ///
    /// A handler that neither allows nor refuses a join refuses it as "unmatched topic" (J-4).
    pub fn refuse_join<T: Serialize + ?Sized>(&self, _: &ChannelEvent, response: &T) -> Ready<()> {
        if let Some((connection, joined)) = self.joined() {
            joined.refuse(connection, JoinRefusal::Handler, &Reply::error(response));
        }
        ready(())
    }

    /// Answers a `phx_leave` with this response and closes the channel (L-1). Where the topic ends
    /// for another reason there is nobody to answer, and nothing happens.
    pub fn allow_leave<T: Serialize + ?Sized>(&self, _: &ChannelEvent, response: &T) -> Ready<()> {
        if let Some((connection, joined)) = self.joined() {
            joined.answer_leave(connection, &Reply::ok(response));
        }
        ready(())
    }

    /// Replies to a client's event with status `ok` (M-1).
    pub fn reply_ok<T: Serialize + ?Sized>(&self, event: &ChannelEvent, response: &T) -> Ready<()> {
        self.reply(event, &Reply::ok(response));
        ready(())
    }

    /// Replies to a client's event with status `error`; a text becomes `{"reason": text}` (M-2).
    pub fn reply_error<T: Serialize + ?Sized>(
        &self,
        event: &ChannelEvent,
        response: &T,
    ) -> Ready<()> {
        self.reply(event, &Reply::error(response));
        ready(())
    }

    /// Replies to a client's event (M-1, M-2, M-3). Replies to a join that is not decided yet decide
    /// it: status `ok` accepts, any other refuses. A reply may also end the topic (E-3, E-4).
    pub fn reply(&self, event: &ChannelEvent, reply: &Reply) {
        let Some((connection, joined)) = self.joined() else {
            log::error!("there is nothing to reply to outside of a joined topic");
            return;
        };
        match joined.phase() {
            Phase::Joining if reply.is_ok() => joined.accept(connection, reply),
            Phase::Joining => joined.refuse(connection, JoinRefusal::Handler, reply),
            Phase::Leaving => joined.answer_leave(connection, reply),
            Phase::Refused | Phase::Live | Phase::Ended => {
                joined.watch.answered(reply);
                joined.reply(connection, event.reference(), reply);
            }
        }
        if let Some(stop) = reply.ending() {
            joined.stop(stop);
        }
    }

    /// Ends this joined topic with `phx_close` when the handler has returned: the client is out and
    /// does not come back by itself (E-2).
    pub fn stop(&self) {
        self.end(Stop::Close);
    }

    /// Ends this joined topic with `phx_error` when the handler has returned: the client joins
    /// again after a while (E-4).
    pub fn fail(&self) {
        self.end(Stop::Fail);
    }

    fn end(&self, stop: Stop) {
        if let Some((_, joined)) = self.joined() {
            joined.stop(stop);
        }
    }

    /// Whether the handler runs for something that the client sent, and so may wait for an answer.
    pub(crate) fn is_asked(&self) -> bool {
        matches!(
            self.scope,
            Scope::Topic {
                running: Running::Event,
                ..
            }
        )
    }

    /// Why the joined topic ended; `Some` in `leave_channel` only.
    pub fn leave_reason(&self) -> Option<LeaveReason> {
        match self.scope {
            Scope::Topic {
                running: Running::End(reason),
                ..
            } => Some(reason),
            Scope::Topic { .. } | Scope::Connect(_) | Scope::Disconnect(_) => None,
        }
    }

    pub(crate) fn joined(&self) -> Option<(&'a Arc<Connection>, &'a Arc<JoinedTopic>)> {
        match self.scope {
            Scope::Topic {
                connection, joined, ..
            } => Some((connection, joined)),
            Scope::Connect(_) | Scope::Disconnect(_) => None,
        }
    }
}

impl Handshake<'_> {
    fn decide<T>(&self, change: impl FnOnce(&mut Decision) -> T) -> T {
        change(&mut self.decision.lock())
    }
}

impl fmt::Debug for ChannelConn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelConn")
            .field("topic", &self.topic())
            .field("peer_ip", &self.peer_ip())
            .finish_non_exhaustive()
    }
}
